import { sameAddress } from '../../shared/endpoint.ts'
import { clock } from '../clock.ts'
import type { Final } from '../kernel/final.ts'
import type { Entry } from './entry.ts'
import { type Account, judge, LISTENER_DIED, needsSample, tellTheSame } from './judge.ts'
import { LateEnds } from './late-ends.ts'
import { Meeting } from './meeting.ts'
import { type Heard, isExact, mayBeOf } from './owner.ts'
import { Strays } from './strays.ts'
import type { ConnectionTable } from './table.ts'

/**
 * The kernel's word comes within milliseconds, and a sample that it needs within seconds. A client that has vanished keeps its
 * socket alive longer. Milliseconds.
 */
const SETTLED_AFTER_MS = 5_000
const FORGOTTEN_AFTER_MS = 60_000
/** Closes and finals that wait for each other. Beyond this many, the oldest are given up. */
const WAITING_MAX = 20_000

/**
 * Brings together the two accounts of each close: the listener process's, and the kernel's. Either may come first. They meet by
 * the socket's cookie if a sample found it. Otherwise they meet by the client's port, which few connections share at a time, then
 * by both endpoints and what was counted. If that leaves several connections or finals, the first final is the first close's:
 * the kernel has forgotten the first connection of a 4-tuple before the second one begins. But it may tell of them in the other
 * order, so then the evidence is certain only if every order gives the same ending.
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
  readonly #strays = new Strays()
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
    table.onRefused = (change) => {
      if (change === null) this.#strays.unlisted()
      else this.#strays.refused(change.local, change.remote, change.at)
    }
  }

  /** Without the kernel's account, closes are settled at once. */
  end(): void {
    this.#table.onClose = (entry) => this.#table.onSettled(entry)
    this.#table.onRefused = () => {}
    this.expire(Infinity)
  }

  /** @param finals in the order in which the kernel has told of them */
  heard(finals: readonly Final[]): void {
    const now = performance.now()
    const at = clock.steady()
    const ports = new Set<number>()
    for (const final of finals) {
      const { cookie, remote } = final
      const reset = this.#resets.take(cookie, () => true)
      if (reset !== null) this.#meet(reset, final, false)
      else if (remote.port === 0) this.#nameless.add(cookie, final, now)
      else {
        this.#finals.add(remote.port, { final, at, doubtful: false }, now)
        ports.add(remote.port)
      }
    }
    for (const port of ports) this.#meetAt(port)
  }

  /** Finals have been lost. */
  missed(): void {
    this.#missedUntil = performance.now() + FORGOTTEN_AFTER_MS
  }

  /** Call it after each sample. Judges the closes that had to wait for one. */
  sampled(): void {
    this.#late.sampled()
  }

  /** Gives up what has waited too long. Call it regularly. @param now of `performance.now()` */
  expire(now = performance.now()): void {
    this.#late.expire(now - SETTLED_AFTER_MS)
    this.#strays.expire()
    for (const [entry, since] of this.#unsettled) {
      if (since + SETTLED_AFTER_MS > now) break
      if (!this.#late.has(entry)) this.#settle(entry)
    }
    for (const closes of [this.#closed, this.#resets]) closes.expire(now - FORGOTTEN_AFTER_MS)
    for (const finals of [this.#finals, this.#nameless]) finals.expire(now - SETTLED_AFTER_MS)
  }

  #close(entry: Entry): void {
    const { cookie, local, remote, close, progress } = entry
    const now = performance.now()
    const reset = close?.reset === 'server'
    // After our RST the kernel has no endpoint left, and of a socket that was reset before accept(2) we have none.
    const stray = (reset && cookie === 0) || remote.port === 0
    // The listener process has seen the error.
    const known = close?.how === 'error' && close.code !== LISTENER_DIED
    if (known || stray) this.#table.onSettled(entry)
    else this.#unsettled.set(entry, now)
    if (stray) return this.#strays.closed(local, remote, close?.at ?? 0, progress)
    const heard = this.#take(entry)
    const final = heard?.final ?? this.#nameless.take(cookie, () => true)
    if (final !== null) this.#meet(entry, final, heard?.doubtful === true)
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

  #meetAt(port: number): void {
    for (const entry of this.#closed.all(port)) {
      const heard = this.#take(entry)
      if (heard === null) continue
      this.#closed.take(port, (other) => other === entry)
      this.#meet(entry, heard.final, heard.doubtful)
    }
  }

  /** Takes the final of a closed connection. Those that fit as well and tell of another ending are doubtful from then on. */
  #take(entry: Entry): Heard | null {
    const { cookie, remote } = entry
    const fitting = this.#finals.all(remote.port).filter((heard) => mayBeOf(entry, heard))
    const exact = fitting.filter(({ final }) => isExact(entry, final))
    const possible = exact.length > 0 ? exact : fitting
    const [first] = possible
    if (first === undefined) return null
    const account = accountOf(entry)
    const differs = ({ final }: Heard): boolean => account !== null && !tellTheSame(account, first.final, final)
    if (possible.length > 1 && possible.some(differs)) {
      for (const one of possible) one.doubtful = true
    }
    first.doubtful = cookie === 0 && (first.doubtful || this.#strays.mayHave(first))
    return this.#finals.take(remote.port, (one) => one === first)
  }

  #settle(entry: Entry): void {
    if (this.#unsettled.delete(entry)) this.#table.onSettled(entry)
  }

  /** @param doubtful the final may be another connection's */
  #meet(entry: Entry, final: Final, doubtful: boolean): void {
    const account = accountOf(entry)
    if (account === null) return
    // The kernel keeps no data of a socket that we reset. The listener process asked for its state right before the RST.
    if (final.remote.port === 0) return this.#settle(entry)
    if (!doubtful && needsSample(account, final)) return this.#late.add(entry, final)
    this.#table.testify(entry, judge(account, final, null, doubtful))
    this.#settle(entry)
  }
}

function accountOf({ close, progress, lastState }: Entry): Account | null {
  return close && { close, progress, lastState }
}
