import { HISTORY_SECONDS, type Counters, type CounterSample } from '../../shared/stream.ts'

/** Activity on the port in one second. */
export interface Second {
  accepts: number
  closes: number
  bytesIn: number
  bytesOut: number
}

type Totals = Pick<Counters, 'accepted' | 'closed' | 'bytesIn' | 'bytesOut'>

/**
 * Activity in each of the last seconds, computed from running totals. It needs no timer of its own, so a tab whose
 * timers are throttled shows the same chart.
 */
export class RateHistory {
  #seconds = new Map<number, Second>()
  #last: Totals | null = null
  #seenUntil = -Infinity

  /** Marks a gap: seconds are unknown until the next totals arrive. */
  interrupt(): void {
    this.#last = null
  }

  /** Replaces the history by the server's samples, which cover the time before the page connected. */
  load(samples: CounterSample[]): void {
    this.#seconds.clear()
    this.#last = null
    this.#seenUntil = -Infinity
    for (const sample of samples) this.add(sample.at, sample)
  }

  /** @param now the server's clock, Unix milliseconds */
  add(now: number, counters: Totals): void {
    const second = Math.floor(now / 1000)
    if (this.#last) {
      this.fill(now)
      const bucket = this.#seconds.get(second)
      if (bucket) {
        bucket.accepts += Math.max(0, counters.accepted - this.#last.accepted)
        bucket.closes += Math.max(0, counters.closed - this.#last.closed)
        bucket.bytesIn += Math.max(0, counters.bytesIn - this.#last.bytesIn)
        bucket.bytesOut += Math.max(0, counters.bytesOut - this.#last.bytesOut)
      }
    }
    this.#last = counters
    this.#seenUntil = Math.max(this.#seenUntil, second)
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
    return this.#seconds.get(Math.floor(now / 1000) - 1)?.accepts ?? 0
  }

  /**
   * The seconds up to the last complete one, oldest first; null where nothing is known.
   * @returns `at` in Unix seconds
   */
  series(now: number): { at: number[]; seconds: (Second | null)[] } {
    const end = Math.floor(now / 1000)
    const at: number[] = []
    const seconds: (Second | null)[] = []
    for (let second = end - HISTORY_SECONDS; second < end; second++) {
      at.push(second)
      seconds.push(this.#seconds.get(second) ?? null)
    }
    return { at, seconds }
  }
}
