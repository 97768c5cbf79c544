import { DIRECTIONS, type Direction } from '../../shared/payload.ts'
import type { Captured } from './capture.ts'

/** Chunks per connection, and their longest length in bytes: enough for a greeting, a request and its answer. */
const NUMBERS = 8
const LONGEST = 192
const PLACES = 65_536

/**
 * The first short chunks of all connections in one ring buffer; the newest overwrites the oldest. Under a flood most
 * connections exchange a few bytes and close. An object per connection cost a tenth of the listener process's time,
 * most of it garbage collection. The ring creates none; the price is a scan (60 µs) on each read, and reads are rare.
 */
export class FirstChunks {
  /** Memory of a full ring, in bytes. */
  static readonly SIZE = PLACES * (LONGEST + 24)
  readonly #bytes = Buffer.allocUnsafeSlow(PLACES * LONGEST)
  readonly #ids = new Float64Array(PLACES)
  readonly #times = new Float64Array(PLACES)
  readonly #offsets = new Uint32Array(PLACES)
  readonly #lengths = new Uint8Array(PLACES)
  readonly #numbers = new Uint8Array(PLACES)
  readonly #directions = new Uint8Array(PLACES)
  #next = 0

  fits(n: number, chunk: Buffer): boolean {
    return n <= NUMBERS && chunk.length <= LONGEST
  }

  /** @param id not 0 */
  keep(id: number, n: number, at: number, direction: Direction, offset: number, chunk: Buffer): void {
    const place = this.#next
    this.#next = (place + 1) % PLACES
    this.#bytes.set(chunk, place * LONGEST)
    this.#ids[place] = id
    this.#times[place] = at
    this.#offsets[place] = offset
    this.#lengths[place] = chunk.length
    this.#numbers[place] = n
    this.#directions[place] = DIRECTIONS.indexOf(direction)
  }

  /** The remaining chunks of the connection, oldest first. */
  of(id: number): Captured[] {
    const chunks: Captured[] = []
    for (let i = 0; i < PLACES; i++) {
      const place = (this.#next + i) % PLACES
      if (this.#ids[place] === id) chunks.push(this.#at(place))
    }
    return chunks
  }

  /** The chunks of all connections, oldest first. */
  *all(): Generator<Captured & { id: number }> {
    const oldest = this.#next
    for (let i = 0; i < PLACES; i++) {
      const place = (oldest + i) % PLACES
      const id = this.#ids[place] ?? 0
      if (id !== 0) yield { id, ...this.#at(place) }
    }
  }

  #at(place: number): Captured {
    const start = place * LONGEST
    return {
      n: this.#numbers[place] ?? 0,
      at: this.#times[place] ?? 0,
      direction: DIRECTIONS[this.#directions[place] ?? 0] ?? 'in',
      offset: this.#offsets[place] ?? 0,
      bytes: this.#bytes.subarray(start, start + (this.#lengths[place] ?? 0)),
    }
  }
}
