import type { Protocol } from '../../shared/connection.ts'
import type { Capture, Captures } from './capture.ts'
import { guess, GUESS_BYTES } from './guess.ts'

/** What is known of one connection's bytes. Made with the first of them: most of a crowd never say anything. */
export class Payload {
  readonly #captures: Captures | null
  readonly #capture: Capture | null
  #protocol: Protocol | null = null
  #guessing = true

  /** @param greeting what was sent at `openedAt`, before anything else */
  constructor(id: number, captures: Captures | null, openedAt: number, greeting: Buffer | null) {
    this.#captures = captures
    this.#capture = captures?.begin(id) ?? null
    if (greeting !== null) this.sent(openedAt, greeting)
  }

  get protocol(): Protocol | null {
    return this.#protocol
  }

  received(at: number, chunk: Buffer): void {
    if (this.#capture !== null) this.#captures?.keep(this.#capture, 'in', at, chunk)
    if (this.#guessing) this.#guess(chunk)
  }

  sent(at: number, chunk: Buffer): void {
    if (this.#capture !== null) this.#captures?.keep(this.#capture, 'out', at, chunk)
  }

  /** The connection has closed: what has been captured stays until it is dropped. */
  end(): void {
    if (this.#capture !== null) this.#captures?.end(this.#capture)
  }

  #guess(chunk: Buffer): void {
    // Where nothing is kept there is only the first chunk to go by.
    const beginning = this.#capture === null ? chunk : this.#capture.in.beginning(GUESS_BYTES)
    const { protocol, more } = guess(beginning.subarray(0, GUESS_BYTES))
    if (beginning.length > 0) this.#protocol = protocol
    this.#guessing = more && this.#capture !== null && beginning.length < GUESS_BYTES
  }
}
