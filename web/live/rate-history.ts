import { HISTORY_SECONDS, type Counters, type CounterSample } from '../../shared/stream.ts'

/** One second of the port's life. Null where the page did not see it. */
export interface Second {
  accepts: number
  closes: number
  bytesIn: number
  bytesOut: number
}

type Totals = Pick<Counters, 'accepted' | 'closed' | 'bytesIn' | 'bytesOut'>

/**
 * What happened in each of the last seconds, told from running totals: no timer takes part, so a throttled tab gets
 * the same picture.
 */
export class RateHistory {
  #seconds = new Map<number, Second>()
  #last: Totals | null = null
  #seenUntil = -Infinity

  /** Nothing is known until the next totals. */
  interrupt(): void {
    this.#last = null
  }

  /** What the server remembers of the time before this page came, or while it was away. */
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

  /** While the feed is up and silent, nothing happens: those seconds are zero, not unknown. */
  fill(now: number): void {
    if (!this.#last) return
    const second = Math.floor(now / 1000)
    for (let at = Math.max(this.#seenUntil + 1, second - HISTORY_SECONDS); at <= second; at++) {
      this.#seconds.set(at, { accepts: 0, closes: 0, bytesIn: 0, bytesOut: 0 })
    }
    this.#seenUntil = Math.max(this.#seenUntil, second)
    if (!this.#seconds.has(second)) this.#seconds.set(second, { accepts: 0, closes: 0, bytesIn: 0, bytesOut: 0 })
    for (const at of this.#seconds.keys()) if (at < second - HISTORY_SECONDS) this.#seconds.delete(at)
  }

  /** Accepts in the last whole second. */
  lastAccepts(now: number): number {
    return this.#seconds.get(Math.floor(now / 1000) - 1)?.accepts ?? 0
  }

  /** The last seconds up to the last whole one, oldest first. @returns Unix seconds and what happened in each */
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
