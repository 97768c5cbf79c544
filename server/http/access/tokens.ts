import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** `join`: the view-only link for a class. */
export type Right = 'full' | 'join'

/**
 * The tokens of this run. The join token is random. A join token derived from the server's token would let anyone with
 * the class link test guesses of that token offline.
 */
export class Tokens {
  readonly join = randomBytes(32).toString('base64url')
  readonly #full: Buffer
  readonly #join = digest(this.join)

  constructor(full: string) {
    this.#full = digest(full)
  }

  /** Compares in constant time, so its duration reveals nothing. */
  rightOf(given: string): Right | null {
    const sent = digest(given)
    const isFull = timingSafeEqual(sent, this.#full)
    const isJoin = timingSafeEqual(sent, this.#join)
    return isFull ? 'full' : isJoin ? 'join' : null
  }
}

/** timingSafeEqual needs equal lengths. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
