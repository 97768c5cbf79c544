import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The commands of a process, by name. */
type Commands<C> = { [Name in keyof C]: (of: never) => Promise<unknown> }

/** Longer than any command takes. A command that runs into this limit waits for a server that does not answer. */
const TIMEOUT_MS = 60_000

/** A helper process of the bench, separate from the measured servers. It runs one command at a time and returns its result. */
export class CommandProcess<C extends Commands<C>> {
  readonly #child: ChildProcess

  /** @param entry the process's file, which must call `obey` */
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

/** Runs commands in the helper process. */
export function obey<C extends Commands<C>>(commands: C): void {
  process.on('message', ({ name, of }: { name: keyof C; of: never }) => {
    void commands[name](of).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
}
