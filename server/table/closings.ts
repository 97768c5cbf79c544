import { sameAddress } from '../../shared/endpoint.ts'
import { clock } from '../clock.ts'
import type { Final } from '../kernel/final.ts'
import type { Entry } from './entry.ts'
import { type Account, judge, judgeReset, needsSample } from './judge.ts'
import { Meeting } from './meeting.ts'
import type { ConnectionTable } from './table.ts'

/**
 * The kernel's word comes within milliseconds, and a sample that it needs within seconds. A client that has vanished keeps its
 * socket alive longer. Milliseconds.
 */
const SETTLED_AFTER_MS = 5_000
const FORGOTTEN_AFTER_MS = 60_000
/** Closes and finals that wait for each other. Beyond this many, the oldest are given up. */
const WAITING_MAX = 20_000

/** A sample under way may have begun before the close; the one after it has not. */
const SAMPLES_NEEDED = 2

/** A final whose connection is not known to have closed. */
interface Heard {
  final: Final
  /** Steady time (clock.ts). */
  at: number
}

interface Unclear {
  entry: Entry
  final: Final
  /** Of `performance.now()`. */
  since: number
  /** How many samples must still be taken. */
  samples: number
}

/**
 * Brings together the two accounts of each close: the listener process's, and the kernel's. Either may come first. They meet by
 * the client's port, which few connections share at a time, and then by both endpoints.
 */
export class Closings {
  readonly #table: ConnectionTable
  readonly #closed = new Meeting<Entry>(WAITING_MAX)
  readonly #finals = new Meeting<Heard>(WAITING_MAX)
  /** Closes that have not been settled, and since when, of `performance.now()`. */
  readonly #unsettled = new Map<Entry, number>()
  #unclear: Unclear[] = []
  /** Until then, closes may wait for finals that were lost. Of `performance.now()`. */
  #missedUntil = 0

  constructor(table: ConnectionTable) {
    this.#table = table
    table.onClose = (entry) => this.#close(entry)
    table.onAccept = (entry) => this.#opened(entry)
  }

  /** Without the kernel's account, closes are settled at once. */
  end(): void {
    this.#table.onClose = (entry) => this.#table.onSettled(entry)
    this.expire(Infinity)
  }

  heard(final: Final): void {
    // After an RST of our own the kernel has no endpoint and no counters left: it tells nothing.
    if (final.remote.port === 0) return
    const entry = this.#closed.take(final.remote.port, (other) => isOf(other, final))
    if (entry === null) this.#finals.add(final.remote.port, { final, at: clock.steady() }, performance.now())
    else this.#meet(entry, final)
  }

  /** Finals have been lost. */
  missed(): void {
    this.#missedUntil = performance.now() + FORGOTTEN_AFTER_MS
  }

  /** Call it after each sample. Judges the closes that had to wait for one. */
  sampled(): void {
    for (const unclear of this.#unclear) unclear.samples--
    this.#judgeWhere(({ samples }) => samples === 0)
  }

  /** Gives up what has waited too long. Call it regularly. @param now of `performance.now()` */
  expire(now = performance.now()): void {
    // Without samples nothing becomes clear.
    this.#judgeWhere(({ since }) => since + SETTLED_AFTER_MS <= now)
    for (const [entry, since] of this.#unsettled) {
      if (since + SETTLED_AFTER_MS > now) break
      this.#settle(entry)
    }
    this.#closed.expire(now - FORGOTTEN_AFTER_MS)
    this.#finals.expire(now - SETTLED_AFTER_MS)
  }

  #close(entry: Entry): void {
    const account = accountOf(entry)
    if (account?.close.reset === 'server') {
      const judged = judgeReset(account)
      if (judged !== account.close) this.#table.testify(entry, judged)
      return this.#table.onSettled(entry)
    }
    const now = performance.now()
    if (account?.close.how === 'error') this.#table.onSettled(entry)
    else this.#unsettled.set(entry, now)
    // A final from before the connection is of another socket with its 4-tuple, such as one that was never accepted.
    const heard = this.#finals.take(entry.remote.port, (one) => mayBeOf(entry, one))
    if (heard === null) this.#closed.add(entry.remote.port, entry, now)
    else this.#meet(entry, heard.final)
  }

  /**
   * A connection with the same 4-tuple can only exist once the earlier one's socket is gone. If its final was missed, the new
   * one's must not be taken for it.
   */
  #opened({ local, remote }: Entry): void {
    if (performance.now() > this.#missedUntil) return
    const earlier = this.#closed.take(
      remote.port,
      (other) => sameAddress(other.remote.address, remote.address) && sameAddress(other.local.address, local.address),
    )
    if (earlier !== null) this.#settle(earlier)
  }

  #judgeWhere(ready: (unclear: Unclear) => boolean): void {
    if (this.#unclear.length === 0) return
    const waiting = this.#unclear
    this.#unclear = []
    for (const unclear of waiting) {
      if (ready(unclear)) this.#testify(unclear.entry, unclear.final)
      else this.#unclear.push(unclear)
    }
  }

  #settle(entry: Entry): void {
    if (this.#unsettled.delete(entry)) this.#table.onSettled(entry)
  }

  #meet(entry: Entry, final: Final): void {
    const account = accountOf(entry)
    if (account !== null && needsSample(account, final)) {
      this.#unclear.push({ entry, final, since: performance.now(), samples: SAMPLES_NEEDED })
    } else this.#testify(entry, final)
  }

  #testify(entry: Entry, final: Final): void {
    const account = accountOf(entry)
    if (account !== null) this.#table.testify(entry, judge(account, final))
    this.#settle(entry)
  }
}

function accountOf({ close, progress, lastState, lastStateAt }: Entry): Account | null {
  return close && { close, progress, lastState, lastStateAt }
}

function mayBeOf(entry: Entry, { final, at }: Heard): boolean {
  return clock.corrected(at) >= entry.openedAt && isOf(entry, final)
}

function isOf({ local, remote }: Entry, final: Final): boolean {
  return (
    remote.port === final.remote.port &&
    sameAddress(remote.address, final.remote.address) &&
    sameAddress(local.address, final.local.address)
  )
}
