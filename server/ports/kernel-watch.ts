import type { AcceptQueue, KernelState, Listener, UnmatchedSocket } from '../../shared/stream.ts'
import type { Sample } from '../kernel/sample.ts'
import { CloseWatch } from './close-watch.ts'
import { Sampling } from '../kernel/sampling.ts'
import { KernelView } from '../table/kernel-view.ts'
import type { ConnectionTable } from '../table/table.ts'

/** The reason given where the listening socket is opened by the listener process itself. */
const NO_KOFFI = 'sampling needs Linux and koffi'

/** Samples the kernel's table of the port, and keeps the comparison with the server's own table current. */
export class KernelWatch {
  readonly #view: KernelView
  readonly #sampling: Sampling | null
  readonly #closes: CloseWatch | null

  /**
   * @param changed called after each sample, with the accept queue and with the reason if the sample failed
   * @param ended called when the kernel has told of closes, and once with the reason if it cannot
   */
  constructor(
    table: ConnectionTable,
    { inode, local, family, backlog }: Listener,
    changed: (acceptQueue: AcceptQueue | null, failure: string | null) => void,
    ended: (failure: string | null) => void,
  ) {
    this.#view = new KernelView(table, inode)
    const failed = (reason: string): void => {
      this.#view.failed(reason)
      changed(null, reason)
    }
    if (inode === null) {
      this.#sampling = null
      this.#closes = null
      failed(NO_KOFFI)
      return
    }
    const sampled = (sample: Sample): void => {
      this.#view.sampled(sample)
      this.#closes?.sampled()
      changed(this.#view.acceptQueue, null)
    }
    this.#sampling = new Sampling({ port: local.port, ipVersion: family, backlog }, { sampled, failed })
    this.#closes = new CloseWatch(table, local.port, this, () => ended(null), ended)
  }

  get state(): KernelState {
    return { ...this.#view.state, closesMissed: this.#closes?.missed ?? null }
  }

  get sockets(): UnmatchedSocket[] {
    return this.#view.sockets
  }

  /** Samples at once. Resolves when the table is at least as new as the call, or when the kernel refuses. */
  async fresh(): Promise<void> {
    await this.#sampling?.fresh()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#sampling?.stop(), this.#closes?.stop()])
  }
}
