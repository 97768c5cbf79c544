import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a process of the bench can be told to do, by name. */
type Commands<C> = { [Name in keyof C]: (of: never) => Promise<unknown> }

/** No command takes so long; one that does waits for a server that will not answer. */
const TIMEOUT_MS = 60_000

/** A process of the bench's own, beside the servers that it measures: one command at a time, and its result. */
export class CommandProcess<C extends Commands<C>> {
  readonly #child: ChildProcess

  /** @param entry its file, which calls `obey` */
  constructor(entry: URL) {
    this.#child = spawn(process.execPath, [fileURLToPath(entry)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  async run<Name extends keyof C>(name: Name, of: Parameters<C[Name]>[0]): Promise<Awaited<ReturnType<C[Name]>>> {
    const answer = new Promise<Awaited<ReturnType<C[Name]>>>((resolve, reject) => {
      const timer = setTimeout(() => settle({ error: 'no answer in time' }), TIMEOUT_MS)
      const onExit = (): void => settle({ error: 'it has ended' })
      const settle = (message: { result: Awaited<ReturnType<C[Name]>> } | { error: string }): void => {
        clearTimeout(timer)
        this.#child.off('message', settle).off('exit', onExit)
        if ('error' in message) reject(new Error(`${String(name)}: ${message.error}`))
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

/** In such a process. */
export function obey<C extends Commands<C>>(commands: C): void {
  process.on('message', ({ name, of }: { name: keyof C; of: never }) => {
    void commands[name](of).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
}
