import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A server under test, in separate processes. */
export interface Server {
  port: number
  /** The server's processes by role. */
  pids: Record<string, number>
  stop(): Promise<void>
}

export interface Oneport extends Server {
  url: string
  pids: { control: number; listener: number }
  /** Milliseconds from spawn to the `ready` line. */
  readyMs: number
  /** URL of the control process's inspector, if it was requested. */
  inspectorUrl: string | null
}

const BARE = fileURLToPath(new URL('bare.js', import.meta.url))
/** oneport sends RST to remaining clients after 5 s. */
const STOP_MS = 7_000
/** The built program, as published. */
const ONEPORT = fileURLToPath(new URL('../dist/server/cli.js', import.meta.url))

/** The smallest program that listens. JavaScript instead of TypeScript, because the TypeScript compiler would stay in memory. */
export async function startIdleNode(): Promise<Server> {
  const code = "require('node:net').createServer().listen(0, function () { process.send(this.address()) })"
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return { port, pids: { server: child.pid ?? 0 }, stop: () => end(child) }
}

export async function startBare(kind: 'data' | 'pipe'): Promise<Server> {
  const child = spawn(process.execPath, [BARE, kind], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const [message] = (await once(child, 'message')) as [{ port: number }]
  return { port: message.port, pids: { server: child.pid ?? 0 }, stop: () => end(child) }
}

/** Starts oneport like `npm start`, but on free ports and with these flags. */
export async function startOneport(flags: string[] = [], { inspect = false } = {}): Promise<Oneport> {
  const node = ['--max-semi-space-size=4', ...(inspect ? ['--inspect=127.0.0.1:0'] : [])]
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ONEPORT_')))
  const started = performance.now()
  const child = spawn(process.execPath, [...node, ONEPORT, '--port', '0', '--ui-port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, MALLOC_ARENA_MAX: '2' },
  })
  let inspectorUrl: string | null = null
  createInterface(child.stderr).on('line', (line) => {
    inspectorUrl ??= /^Debugger listening on (\S+)$/.exec(line)?.[1] ?? null
  })
  const { port, url } = await ready(child)
  const readyMs = performance.now() - started
  const listener = (await (await fetch(new URL('/api/listener', url))).json()) as { pid: number }
  return {
    port,
    url,
    readyMs,
    inspectorUrl,
    pids: { control: child.pid ?? 0, listener: listener.pid },
    stop: () => end(child),
  }
}

function ready(child: ChildProcess): Promise<{ port: number; url: string }> {
  return new Promise((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`oneport ended with exit code ${code} before it was ready`)))
    if (child.stdout === null) return
    createInterface(child.stdout).on('line', (line) => {
      const { msg, port, url } = JSON.parse(line) as { msg: string; port: number; url: string }
      if (msg === 'ready') resolve({ port, url })
    })
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await gone
  clearTimeout(timer)
}
