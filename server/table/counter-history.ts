import { clock } from '../clock.ts'
import type { Counters, CounterSample } from '../../shared/stream.ts'
import { HISTORY_SECONDS } from '../../shared/stream.ts'

/** One sample of the totals per second for the last minutes, so that a new dashboard can draw its charts at once. */
export class CounterHistory {
  readonly #counters: Counters
  readonly #timer: NodeJS.Timeout
  #samples: CounterSample[] = []

  constructor(counters: Counters) {
    this.#counters = counters
    this.#sample()
    this.#timer = setInterval(() => this.#sample(), 1_000)
  }

  /** Oldest first. */
  get samples(): CounterSample[] {
    return this.#samples
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    this.#samples = this.#samples.map((sample) => ({ ...sample, at: sample.at + ms }))
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #sample(): void {
    const { accepted, closed, bytesIn, bytesOut } = this.#counters
    this.#samples.push({ at: clock.now(), accepted, closed, bytesIn, bytesOut })
    if (this.#samples.length > HISTORY_SECONDS) this.#samples.shift()
  }
}
