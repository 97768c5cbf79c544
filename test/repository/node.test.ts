import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { composeServices } from '../support/compose.ts'

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')

const packageJson = JSON.parse(read('package.json')) as {
  engines: { node: string }
  bin: { oneport: string }
  devDependencies: Record<string, string>
  scripts: Record<string, string>
}
const dockerfile = read('Dockerfile')
const major = read('.nvmrc').trim()

test('.nvmrc, package.json, the Dockerfile and the example name the same Node', () => {
  expect(packageJson.engines.node).toBe(`>=${major}`)
  expect(packageJson.devDependencies['node']).toMatch(new RegExp(`^\\^${major}\\.`))
  const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
  const clients = Object.values(composeServices('compose.example.yml')).flatMap(({ image }) => image ?? [])
  expect(new Set([...images, ...clients])).toEqual(new Set([`node:${major}-bookworm-slim`]))
})

test('the image starts the program of the package, and without a shell, so that signals reach it', () => {
  const [, entryPoint = ''] = /^ENTRYPOINT (.*)$/m.exec(dockerfile) ?? []
  const command = JSON.parse(entryPoint) as string[]
  expect(command.at(-1)).toBe(packageJson.bin.oneport)
  // With the same flags and environment as `npm start`, where the shell is replaced by exec.
  const [, arenas] = /^ENV .*(MALLOC_ARENA_MAX=\d+)/m.exec(dockerfile) ?? []
  expect(packageJson.scripts.start).toBe(`${arenas} exec ${command.join(' ')}`)
})
