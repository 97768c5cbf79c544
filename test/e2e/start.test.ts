import { execFileSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import pkg from '../../package.json' with { type: 'json' }
import type { KernelState } from '../../shared/stream.ts'
import { connectClient } from '../support/clients.ts'
import { type Ready, startProcess } from '../support/server-process.ts'

const ROOT = join(import.meta.dirname, '../..')
const CLI = 'dist/server/cli.js'

/** Copies dist/ into a folder of this name. The copy is removed after the test. */
async function copyOfDist(name: string): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'oneport-')), name)
  onTestFinished(() => rm(join(folder, '..'), { recursive: true }))
  await mkdir(folder)
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true })
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'))
  return folder
}

/** Starts the copy, and checks that it serves the page, the documentation and a client. */
async function serves(folder: string): Promise<Ready> {
  const server = startProcess({ program: join(folder, CLI), args: ['--port=0', '--ui-port=0'] })
  const ready = await server.ready()
  const page = await (await fetch(ready.url)).text()
  expect(page).toContain('<script type="module"')
  // A path that begins with a slash would break the page below a path of a reverse proxy.
  for (const [, path] of page.matchAll(/(?:href|src)="([^"]+)"/g)) expect(path).toMatch(/^\.\//)
  expect((await fetch(`${ready.url}/api/docs`)).status).toBe(200)
  expect(await (await connectClient(ready.port)).read().line()).toMatch(/^You are /)
  expect(server.stderr).toBe('')
  return ready
}

const kernel = async ({ url }: Ready): Promise<KernelState> =>
  (await (await fetch(`${url}/api/kernel`)).json()) as KernelState

test('it starts in a folder whose name has a space, a # and other letters than ASCII', async () => {
  const folder = await copyOfDist('My проект #1')
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const ready = await serves(folder)
  await expect.poll(async () => (await kernel(ready)).available).toBe(process.platform === 'linux')
})

test('it starts without koffi, and says what is unavailable', async () => {
  const ready = await serves(await copyOfDist('oneport'))
  expect(await kernel(ready)).toMatchObject({ available: false, reason: expect.any(String) as string })
})

test('an older Node gets one line that says which version is needed', async () => {
  const older =
    "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.0'}})"
  const server = startProcess({ args: ['--port=0', '--ui-port=0'], env: { NODE_OPTIONS: `--import=${older}` } })
  expect(await server.exited).toEqual({ code: 1, signal: null })
  const needed = pkg.engines.node.replace('>=', '')
  expect(server.stderr).toBe(`oneport: Node.js ${needed} or newer is required; this is 20.19.0.\n`)
})

test('a Node without modules can parse the file that says so', async () => {
  const source = await readFile(join(ROOT, CLI), 'utf8')
  // Parsed as a script, in which static imports, exports and top-level await are errors.
  expect(() => new Script(source)).not.toThrow()
  expect(source).not.toMatch(/\?\.|\?\?|\|\|=|&&=|#\w+ *[=(]|\d_\d/)
})

test('--version prints the version', () => {
  expect(execFileSync(process.execPath, [join(ROOT, CLI), '--version'], { encoding: 'utf8' })).toBe(`${pkg.version}\n`)
})
