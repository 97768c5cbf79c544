/**
 * The server's clock. Ages are reckoned from it, because a browser's may be wrong; it runs on the monotonic clock
 * between two syncs, because a browser's may be set.
 */
export class ServerClock {
  #monotonic: () => number
  #offset: number

  constructor(monotonic: () => number = () => performance.now(), wall: () => number = Date.now) {
    this.#monotonic = monotonic
    this.#offset = wall() - monotonic()
  }

  /** @param now the server's time as a frame just gave it, Unix milliseconds */
  sync(now: number): void {
    this.#offset = now - this.#monotonic()
  }

  /** Unix milliseconds. */
  now(): number {
    return Math.round(this.#monotonic() + this.#offset)
  }
}
