import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** The command that starts oneport, to be followed by options. */
const START = ['npm', 'start', '--silent', '--']

export interface RunningServer {
  url: string
  stop(): Promise<void>
}

/** Starts oneport as a user does, and waits until the server logs `ready`. */
export async function startServer(...options: string[]): Promise<RunningServer> {
  const [program = '', ...args] = [...START, ...options]
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  return { url: await readyUrl(child), stop: () => stop(child) }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the server has no output')
  for await (const line of createInterface({ input: child.stdout })) {
    const entry: unknown = line.startsWith('{') ? JSON.parse(line) : null
    if (typeof entry !== 'object' || entry === null || !('msg' in entry) || entry.msg !== 'ready') continue
    if ('url' in entry && typeof entry.url === 'string') return entry.url
  }
  throw new Error('the server ended before it was ready')
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
