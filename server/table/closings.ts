import { sameAddress } from '../../shared/endpoint.ts'
import { clock } from '../clock.ts'
import type { Final } from '../kernel/final.ts'
import type { Entry } from './entry.ts'
import { type Account, judge, judgeReset, needsSample } from './judge.ts'
import { LateEnds } from './late-ends.ts'
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

/** A final whose connection is not known to have closed. */
interface Heard {
  final: Final
  /** Steady time (clock.ts). */
  at: number
}

/**
 * Brings together the two accounts of each close: the listener process's, and the kernel's. Either may come first. They meet by
 * the socket's cookie if a sample found it. Otherwise they meet by the client's port, which few connections share at a time, and
 * then by both endpoints: the kernel has forgotten the first connection of a 4-tuple before the second one begins.
 */
export class Closings {
  readonly #table: ConnectionTable
  /** By the client's port. */
  readonly #closed = new Meeting<Entry>(WAITING_MAX)
  readonly #finals = new Meeting<Heard>(WAITING_MAX)
  /** By cookie: of closes by our RST, after which the kernel has no endpoint left. */
  readonly #resets = new Meeting<Entry>(WAITING_MAX)
  readonly #nameless = new Meeting<Final>(WAITING_MAX)
  /** Closes that have not been settled, and since when, of `performance.now()`. */
  readonly #unsettled = new Map<Entry, number>()
  readonly #late: LateEnds
  /** Until then, closes may wait for finals that were lost. Of `performance.now()`. */
  #missedUntil = 0

  constructor(table: ConnectionTable) {
    this.#table = table
    this.#late = new LateEnds((entry, final, timeWait) => {
      const account = accountOf(entry)
      if (account !== null) table.testify(entry, judge(account, final, timeWait))
      this.#settle(entry)
    })
    table.onClose = (entry) => this.#close(entry)
    table.onAccept = (entry) => this.#opened(entry)
  }

  /** Without the kernel's account, closes are settled at once. */
  end(): void {
    this.#table.onClose = (entry) => this.#table.onSettled(entry)
    this.expire(Infinity)
  }

  heard(final: Final): void {
    const { cookie, remote } = final
    const entry = this.#resets.take(cookie, () => true) ?? this.#closed.take(remote.port, (other) => isOf(other, final))
    if (entry !== null) this.#meet(entry, final)
    else if (remote.port === 0) this.#nameless.add(cookie, final, performance.now())
    else this.#finals.add(remote.port, { final, at: clock.steady() }, performance.now())
  }

  /** Finals have been lost. */
  missed(): void {
    this.#missedUntil = performance.now() + FORGOTTEN_AFTER_MS
  }

  /** Call it after each sample. Judges the closes that had to wait for one. */
  sampled(): void {
    // A sample may have shown that an entry had been matched with a socket of another connection.
    for (const entry of this.#closed.waiting()) {
      const heard = this.#finals.take(entry.remote.port, (one) => mayBeOf(entry, one))
      if (heard === null) continue
      this.#closed.take(entry.remote.port, (other) => other === entry)
      this.#meet(entry, heard.final)
    }
    this.#late.sampled()
  }

  /** Gives up what has waited too long. Call it regularly. @param now of `performance.now()` */
  expire(now = performance.now()): void {
    this.#late.expire(now - SETTLED_AFTER_MS)
    for (const [entry, since] of this.#unsettled) {
      if (since + SETTLED_AFTER_MS > now) break
      if (!this.#late.has(entry)) this.#settle(entry)
    }
    for (const closes of [this.#closed, this.#resets]) closes.expire(now - FORGOTTEN_AFTER_MS)
    for (const finals of [this.#finals, this.#nameless]) finals.expire(now - SETTLED_AFTER_MS)
  }

  #close(entry: Entry): void {
    const { cookie, remote, close } = entry
    const now = performance.now()
    const reset = close?.reset === 'server'
    if (close?.how === 'error' || (reset && cookie === 0)) this.#table.onSettled(entry)
    else this.#unsettled.set(entry, now)
    if (reset && cookie === 0) return
    const final =
      this.#finals.take(remote.port, (heard) => mayBeOf(entry, heard))?.final ?? this.#nameless.take(cookie, () => true)
    if (final !== null) this.#meet(entry, final)
    else if (reset) this.#resets.add(cookie, entry, now)
    else this.#closed.add(remote.port, entry, now)
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

  #settle(entry: Entry): void {
    if (this.#unsettled.delete(entry)) this.#table.onSettled(entry)
  }

  #meet(entry: Entry, final: Final): void {
    const account = accountOf(entry)
    if (account === null) return
    if (needsSample(account, final)) return this.#late.add(entry, final)
    const judged = final.remote.port === 0 ? judgeReset(account, final) : judge(account, final, null)
    if (judged !== account.close) this.#table.testify(entry, judged)
    this.#settle(entry)
  }
}

function accountOf({ close, progress, lastState }: Entry): Account | null {
  return close && { close, progress, lastState }
}

/** A final from before the connection is of another socket with its 4-tuple, such as one that was never accepted. */
function mayBeOf(entry: Entry, { final, at }: Heard): boolean {
  return clock.corrected(at) >= entry.openedAt && isOf(entry, final)
}

/** Whether a final with endpoints is about this connection. */
function isOf({ local, remote, cookie, progress }: Entry, final: Final): boolean {
  return (
    (cookie === 0 || cookie === final.cookie) &&
    remote.port === final.remote.port &&
    sameAddress(remote.address, final.remote.address) &&
    sameAddress(local.address, final.local.address) &&
    // Of another connection with this 4-tuple, whose account is missing: the server has counted more than there was.
    progress.bytesIn + final.unread <= final.received &&
    progress.bytesOut <= final.acked + final.unsent
  )
}
