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
    const answer = new Promise<Awaited<ReturnType<Commands[Name]>>>((resolve, reject) => {
      const timer = setTimeout(() => settle({ error: 'no answer in time' }), TIMEOUT_MS)
      const onExit = (): void => settle({ error: 'it has ended' })
      const settle = (message: { result: Awaited<ReturnType<Commands[Name]>> } | { error: string }): void => {
        clearTimeout(timer)
        this.#child.off('message', settle).off('exit', onExit)
        if ('error' in message) reject(new Error(`client: ${message.error}`))
        else resolve(message.result)
      }
      this.#child.on('message', settle).on('exit', onExit)
    })
    this.#child.send({ name, of })
    return answer
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'exit')
  }
}
