import { Closes } from '../kernel/closes.ts'
import { Closings } from '../table/closings.ts'
import type { ConnectionTable } from '../table/table.ts'

const EXPIRE_MS = 1_000

/** Hears the kernel's account of each close on the port, and puts it into the table. */
export class CloseWatch {
  /** How often the kernel could not tell of closes; null: it cannot be heard at all. */
  missed: number | null = 0
  readonly #closings: Closings
  readonly #closes: Closes
  readonly #timer: NodeJS.Timeout

  /** @param changed called when the table has changed @param failed called once, with the reason */
  constructor(
    table: ConnectionTable,
    port: number,
    kernel: { fresh(): Promise<void> },
    changed: () => void,
    failed: (reason: string) => void,
  ) {
    const closings = new Closings(table)
    this.#closings = closings
    this.#timer = setInterval(() => closings.expire(), EXPIRE_MS)
    this.#closes = new Closes(port, {
      heard(finals) {
        closings.heard(finals)
        changed()
      },
      missed: () => {
        this.missed = (this.missed ?? 0) + 1
        closings.missed()
        // The next sample shows which sockets are gone.
        void kernel.fresh()
      },
      failed: (reason) => {
        this.missed = null
        closings.end()
        failed(reason)
      },
    })
  }

  /** Call it when the table has a new sample. */
  sampled(): void {
    this.#closings.sampled()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#closes.stop()
  }
}
