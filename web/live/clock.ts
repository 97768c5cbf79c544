/**
 * The server's clock, since the browser's own may be wrong. Between two syncs, a few seconds apart, it advances with the browser's
 * monotonic clock, which nobody can set.
 */
export class ServerClock {
  #monotonic: () => number
  #offset: number

  constructor(monotonic: () => number = () => performance.now(), wall: () => number = Date.now) {
    this.#monotonic = monotonic
    this.#offset = wall() - monotonic()
  }

  /** @param now the server's time from a frame that has just arrived, in Unix milliseconds */
  sync(now: number): void {
    this.#offset = now - this.#monotonic()
  }

  /** @returns Unix milliseconds */
  now(): number {
    return Math.round(this.#monotonic() + this.#offset)
  }
}
