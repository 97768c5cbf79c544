import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Commands } from './client.ts'

const ENTRY = new URL('client.ts', import.meta.url).pathname
/** No command takes so long; one that does waits for a server that will not answer. */
const TIMEOUT_MS = 60_000

/** The process that plays the clients. */
export class ClientProcess {
  readonly #child: ChildProcess = spawn(process.execPath, [ENTRY], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })

  async run<Name extends keyof Commands>(
    name: Name,
    of: Parameters<Commands[Name]>[0],
  ): Promise<Awaited<ReturnType<Commands[Name]>>> {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    this.#child.send({ name, of })
    const [answer] = (await once(this.#child, 'message', { signal })) as [
      { result: Awaited<ReturnType<Commands[Name]>> } | { error: string },
    ]
    if ('error' in answer) throw new Error(`client: ${answer.error}`)
    return answer.result
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }
}
