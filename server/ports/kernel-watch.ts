import type { AcceptQueue, KernelState, Listener, UnmatchedSocket } from '../../shared/stream.ts'
import type { Sample } from '../kernel/sample.ts'
import { clock } from '../clock.ts'
import { CloseWatch } from './close-watch.ts'
import { Sampling } from '../kernel/sampling.ts'
import { isOwnAddress } from '../own-address.ts'
import { KernelView } from '../table/kernel-view.ts'
import type { Entry } from '../table/entry.ts'
import type { ConnectionTable } from '../table/table.ts'

/** The reason given where the listening socket is opened by the listener process itself. */
const NO_KOFFI = 'sampling needs Linux and koffi'

/** Milliseconds after which the search for a client's program may be repeated. */
const SEARCH_AGAIN_MS = 5_000

/** Samples the kernel's table of the port, and keeps the comparison with the server's own table current. */
export class KernelWatch {
  readonly #table: ConnectionTable
  readonly #told: (failure: string | null) => void
  readonly #view: KernelView
  readonly #sampling: Sampling | null
  readonly #closes: CloseWatch | null
  /** When each connection's client was last searched for its program, in steady milliseconds. */
  readonly #searchedAt = new WeakMap<Entry, number>()

  /**
   * @param changed called after each sample, with the accept queue and with the reason if the sample failed
   * @param told called when the kernel has told of a close or of a client's program, and once with the reason if it cannot
   *   tell of closes
   */
  constructor(
    table: ConnectionTable,
    { inode, local, backlog }: Listener,
    changed: (acceptQueue: AcceptQueue | null, failure: string | null) => void,
    told: (failure: string | null) => void,
  ) {
    this.#table = table
    this.#told = told
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
      this.#view.sampled(corrected(sample))
      this.#closes?.sampled()
      changed(this.#view.acceptQueue, null)
    }
    this.#sampling = new Sampling({ local, backlog }, { sampled, failed })
    this.#closes = new CloseWatch(table, local.port, this, () => told(null), told)
  }

  get state(): KernelState {
    return { ...this.#view.state, closesMissed: this.#closes?.missed ?? null }
  }

  get sockets(): UnmatchedSocket[] {
    return this.#view.sockets
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    this.#view.shift(ms)
  }

  /** Samples at once. Resolves when the table is at least as new as the call, or when the kernel refuses. */
  async fresh(): Promise<void> {
    await this.#sampling?.fresh()
  }

  /** Samples soon, and again: something has just been done to the port. */
  soon(): void {
    this.#sampling?.soon()
  }

  /**
   * Looks for the program that holds the client's own socket, and puts it into the record. A search reads all of /proc, so one
   * that has found nothing is not repeated at once.
   */
  async findOtherOwner(entry: Entry): Promise<void> {
    // Regular samples may leave the clients' sockets out.
    if (entry.otherEnd === null && entry.close === null && isOwnAddress(entry.remote.address)) await this.fresh()
    const inode = entry.otherEnd?.inode ?? 0
    const known = entry.otherEnd?.owner?.pid ?? null
    if (inode === 0 || this.#sampling === null || known !== null) return
    const now = clock.steady()
    if (now - (this.#searchedAt.get(entry) ?? -Infinity) < SEARCH_AGAIN_MS) return
    this.#searchedAt.set(entry, now)
    const holder = await this.#sampling.holder(inode)
    const { otherEnd } = entry
    if (holder === null || otherEnd === null || otherEnd.inode !== inode) return
    this.#table.otherEnd(entry, { ...otherEnd, owner: { ...holder, user: otherEnd.owner?.user ?? null } })
    this.#told(null)
  }

  async stop(): Promise<void> {
    await Promise.all([this.#sampling?.stop(), this.#closes?.stop()])
  }
}

/** The thread's times are steady. */
function corrected(sample: Sample): Sample {
  const ends = sample.ends && { ...sample.ends, at: clock.corrected(sample.ends.at) }
  return { ...sample, at: clock.corrected(sample.at), ends }
}
