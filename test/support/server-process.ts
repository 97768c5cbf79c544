import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The file that starts the server: the sources in unit tests, the built program in end-to-end tests (vitest.config.ts). */
    program: string
  }
}

export const PROGRAM = join(import.meta.dirname, '../..', inject('program'))

export interface Ready {
  port: number
  uiPort: number
  url: string
}

/** oneport in a process of its own, as a user starts it. */
export class ServerProcess {
  readonly child: ChildProcess
  readonly log: Record<string, unknown>[] = []
  readonly exited: Promise<{ code: number | null; signal: string | null }>
  stderr = ''
  #heard: () => void = () => {}

  constructor(child: ChildProcess) {
    this.child = child
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += String(chunk)))
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.log.push(JSON.parse(line) as Record<string, unknown>)
        this.#heard()
      })
    }
    this.exited = once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
    }))
  }

  /** The first line of the log with this message; rejects if the process ends without it. */
  async line(message: string): Promise<Record<string, unknown>> {
    let over = false
    // If the process has ended already, no event would wake the loop below.
    void this.exited.then(() => {
      over = true
      this.#heard()
    })
    for (;;) {
      const found = this.log.find(({ msg }) => msg === message)
      if (found !== undefined) return found
      if (over) throw new Error(`ended without the line ${JSON.stringify(message)}: ${this.stderr}`)
      await new Promise<void>((resolve) => (this.#heard = resolve))
    }
  }

  async ready(): Promise<Ready> {
    const { port, uiPort, url } = await this.line('ready')
    return { port: Number(port), uiPort: Number(uiPort), url: String(url) }
  }

  /** Ends it at once, if it still runs. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }
}

interface Start {
  /** The file to start, if it is a copy. */
  program?: string
  args?: string[]
  /** The Node to start it with. */
  node?: string
  env?: Record<string, string>
  /** A shell command such as `ulimit -n 256`, run in the shell that the server then replaces. */
  before?: string
  spawn?: SpawnOptions
}

/** Starts oneport; it is killed at the end of the test if it still runs. */
export function startProcess(start: Start): ServerProcess {
  const server = launchProcess(start)
  onTestFinished(() => server.kill())
  return server
}

/** Starts oneport for several tests. The caller kills it. */
export function launchProcess({
  program = PROGRAM,
  args = [],
  node = process.execPath,
  env = {},
  before = ':',
  spawn: options = {},
}: Start): ServerProcess {
  const command = ['-c', `${before}; exec "$0" "$@"`, node, program, ...args]
  const child = spawn('/bin/sh', command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
    env: { ...withoutOurs(process.env), ...env },
  })
  return new ServerProcess(child)
}

/** The developer's own ONEPORT_ variables must not reach the server under test. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('ONEPORT_')))
}
