import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'

const ROOT = join(import.meta.dirname, '../..')
const TREE_MIB = 60

// Without NODE_OPTIONS: npm cannot start with the flags for a folder whose name has a # (scripts/plain-root.ts).
const { NODE_OPTIONS: _, ...rest } = process.env
const env = { ...rest, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` }
const run = async (command: string, args: string[], cwd: string): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd, env, encoding: 'utf8' })).stdout

test('the package, installed from its tarball, starts with npx and is small', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'oneport-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  // npm test has built dist/ already.
  const [packed] = JSON.parse(
    await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT),
  ) as { filename: string; files: { path: string }[] }[]
  expect(packed?.files.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['dist/server/cli.js', 'dist/server/health.js', 'dist/web/index.html']),
  )
  // koffi is the only dependency to download, and it is optional, so this also works without a registry.
  await run('npm', ['install', '--prefer-offline', '--fetch-retries=0', packed?.filename ?? ''], folder)
  expect(Number.parseInt(await run('du', ['-sm', 'node_modules'], folder))).toBeLessThanOrEqual(TREE_MIB)

  const child = spawn('npx', ['oneport', '--port=0', '--ui-port=0'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  // npx starts the program through a shell, so the signal must go to the whole process group.
  onTestFinished(async () => {
    const gone = once(child, 'exit')
    process.kill(-(child.pid ?? 0), 'SIGTERM')
    await gone
  })
  const { url } = await new ServerProcess(child).ready()
  const page = await fetch(url)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('<script type="module"')
})
