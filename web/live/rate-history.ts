import { HISTORY_SECONDS, type Change, type Counters, type CounterSample } from '../../shared/stream.ts'

/** Activity on the port in one second. */
export interface Second {
  accepts: number
  closes: number
  bytesIn: number
  bytesOut: number
}

type Totals = Pick<Counters, 'accepted' | 'closed' | 'bytesIn' | 'bytesOut'>

/** The time in which something happened, Unix milliseconds by the server's clock. */
export interface Span {
  from: number
  to: number
}

/** When the changes of a frame happened, which may be long before the page reads it. Null: no change has a time. */
export function spanOf(changes: readonly Change[]): Span | null {
  let [from, to] = [Infinity, -Infinity]
  for (const change of changes) {
    if (change.kind !== 'accept' && change.kind !== 'data' && change.kind !== 'close') continue
    const at = change.kind === 'accept' ? change.connection.openedAt : change.at
    from = Math.min(from, at)
    to = Math.max(to, at)
  }
  return from <= to ? { from, to } : null
}

/**
 * Activity in each of the last seconds, computed from running totals. It needs no timer of its own, so a tab whose
 * timers are throttled shows the same chart.
 */
export class RateHistory {
  #seconds = new Map<number, Second>()
  #last: Totals | null = null
  #seenUntil = -Infinity
  /** How late the newest changes were when the page read them, in milliseconds. */
  #lag = 0
  #toldUntil = -Infinity

  /** Marks a gap: seconds are unknown until the next totals arrive. */
  interrupt(): void {
    this.#last = null
  }

  /** Replaces the history by the server's samples, which cover the time before the page connected. */
  load(samples: CounterSample[]): void {
    this.#seconds.clear()
    this.#last = null
    this.#seenUntil = -Infinity
    this.#lag = 0
    this.#toldUntil = -Infinity
    for (const sample of samples) this.add(sample.at, sample)
  }

  /**
   * Adds what has happened since the last totals, spread over its span.
   * @param now the server's clock, Unix milliseconds
   */
  add(now: number, counters: Totals, span: Span | null = null): void {
    const to = Math.min(span?.to ?? now, now)
    const from = Math.min(Math.max(span?.from ?? now, Math.min(this.#toldUntil, now)), to)
    if (span) this.#lag = now - to
    if (this.#last) {
      this.fill(now)
      this.#spread(this.#last, counters, from, to)
    }
    this.#last = counters
    this.#toldUntil = to
    this.#seenUntil = Math.max(this.#seenUntil, Math.floor(now / 1000))
  }

  /** The parts add up to the whole: each is what has happened until its end, less what has happened before it. */
  #spread(before: Totals, after: Totals, from: number, to: number): void {
    const last = Math.floor(to / 1000)
    let done = 0
    for (let second = Math.floor(from / 1000); second <= last; second++) {
      const share = second === last ? 1 : ((second + 1) * 1000 - from) / (to - from)
      const bucket = this.#seconds.get(second)
      const part = (was: number, is: number): number => {
        const whole = Math.max(0, is - was)
        return Math.round(whole * share) - Math.round(whole * done)
      }
      if (bucket) {
        bucket.accepts += part(before.accepted, after.accepted)
        bucket.closes += part(before.closed, after.closed)
        bucket.bytesIn += part(before.bytesIn, after.bytesIn)
        bucket.bytesOut += part(before.bytesOut, after.bytesOut)
      }
      done = share
    }
  }

  /** Fills the seconds up to now with zeros: while the link is up, silence means that nothing happened. */
  fill(now: number): void {
    if (!this.#last) return
    const second = Math.floor(now / 1000)
    // The server's clock was set back: the seconds from here on are still to come. One second is only a late frame.
    if (second < this.#seenUntil - 1) {
      for (const at of this.#seconds.keys()) if (at >= second) this.#seconds.delete(at)
      this.#seenUntil = second - 1
    }
    for (let at = Math.max(this.#seenUntil + 1, second - HISTORY_SECONDS); at <= second; at++) {
      this.#seconds.set(at, { accepts: 0, closes: 0, bytesIn: 0, bytesOut: 0 })
    }
    this.#seenUntil = Math.max(this.#seenUntil, second)
    if (!this.#seconds.has(second)) this.#seconds.set(second, { accepts: 0, closes: 0, bytesIn: 0, bytesOut: 0 })
    for (const at of this.#seconds.keys()) if (at < second - HISTORY_SECONDS) this.#seconds.delete(at)
  }

  /** Accepts in the last complete second. */
  lastAccepts(now: number): number {
    return this.#seconds.get(this.#current(now) - 1)?.accepts ?? 0
  }

  /** The second that isn't complete yet. A page that reads frames late doesn't know all of the seconds before now. */
  #current(now: number): number {
    return Math.floor((now - this.#lag) / 1000)
  }

  /**
   * The seconds up to the last complete one, oldest first; null where nothing is known.
   * @returns `at` in Unix seconds
   */
  series(now: number): { at: number[]; seconds: (Second | null)[] } {
    const end = this.#current(now)
    const at: number[] = []
    const seconds: (Second | null)[] = []
    for (let second = end - HISTORY_SECONDS; second < end; second++) {
      at.push(second)
      seconds.push(this.#seconds.get(second) ?? null)
    }
    return { at, seconds }
  }
}
