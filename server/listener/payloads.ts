import { CAPTURE_TOTAL_BYTES, type Direction, DIRECTIONS } from '../../shared/payload.ts'
import type { PayloadPart } from './asks.ts'
import { type Capture, type Captured, Captures } from './capture.ts'
import { FirstChunks } from './first-chunks.ts'
import type { StreamChunk } from './search.ts'

/** Bytes counted per chunk in an answer besides its data, so that many short chunks cannot make an answer ten times as long. */
const ANSWER_COST = 40

type Totals = Record<Direction, number>

/** The newest bytes of every connection: its first short chunks, and its own capture if there are more. */
export class Payloads {
  readonly #each: number
  readonly #first = new FirstChunks()
  readonly #captures: Captures

  /** @param each bytes kept per connection and direction; all together use about `total` bytes of memory */
  constructor(each: number, total = CAPTURE_TOTAL_BYTES) {
    this.#each = each
    this.#captures = new Captures(each, total - FirstChunks.SIZE)
  }

  /**
   * Adds a chunk. The caller must not modify it afterwards.
   * @param n the chunk's number in its connection, from 1
   * @param capture the connection's own capture, if it has one
   * @param bytesIn received before this chunk; `bytesOut` likewise
   * @returns the capture to use from now on
   */
  keep(
    capture: Capture | null,
    id: number,
    n: number,
    at: number,
    direction: Direction,
    chunk: Buffer,
    bytesIn: number,
    bytesOut: number,
  ): Capture | null {
    if (capture === null && this.#first.fits(n, chunk)) {
      this.#first.keep(id, n, at, direction, direction === 'in' ? bytesIn : bytesOut, chunk)
      return null
    }
    const own = capture ?? this.#captures.begin(id, { in: bytesIn, out: bytesOut })
    this.#captures.keep(own, n, at, direction, chunk)
    return own
  }

  /** The connection has closed. Its bytes stay until the limit drops them. */
  end(capture: Capture): void {
    this.#captures.end(capture)
  }

  /** Bytes dropped because of the total limit since the last call. */
  takeDropped(): number {
    return this.#captures.takeDropped()
  }

  /**
   * Chunks after number `after`, oldest first.
   * @param totals the connection's byte counts while it is live
   * @returns null when nothing of a closed connection is left
   */
  read(id: number, totals: Totals | null, after: number, maxBytes: number): PayloadPart | null {
    const first = this.#first.of(id)
    const capture = this.#captures.get(id)
    // If a closed connection's first chunks were overwritten, their total length is unknown too.
    if (capture === null && totals === null && first[0]?.n !== 1) return null
    const extents = DIRECTIONS.map((direction) => this.#extent(direction, first, capture, totals))
    const [ins = NOTHING, outs = NOTHING] = extents
    const part: PayloadPart = {
      chunks: [],
      more: false,
      from: { in: ins.from, out: outs.from },
      to: { in: ins.to, out: outs.to },
    }
    let size = 0
    for (const { n, at, direction, offset, bytes } of chunksOf(first, capture, after)) {
      const cut = Math.max(0, part.from[direction] - offset)
      if (n <= after || cut >= bytes.length) continue
      size += bytes.length - cut + ANSWER_COST
      if (size > maxBytes && part.chunks.length > 0) return { ...part, more: true }
      part.chunks.push([n, at, direction, offset + cut, bytes.subarray(cut).toString('base64')])
    }
    return part
  }

  /** All captured chunks. They are read in turns, so chunks that come meanwhile may be left out. */
  *streams(): Generator<StreamChunk> {
    for (const chunk of this.#first.all()) {
      // Bytes before a dropped chunk are left out, as in `read`.
      if (this.#captures.get(chunk.id)?.[chunk.direction].dropped !== true) yield chunk
    }
    for (const capture of this.#captures.all()) {
      for (const direction of DIRECTIONS) {
        const { to } = capture[direction]
        for (const { offset, bytes } of capture[direction].since(0)) {
          // A fast client could make this go on for ever.
          if (offset >= to) break
          yield { id: capture.id, direction, offset, bytes }
        }
      }
    }
  }

  #extent(direction: Direction, first: Captured[], capture: Capture | null, totals: Totals | null): Extent {
    const oldest = first.find((chunk) => chunk.direction === direction)
    const newest = first.findLast((chunk) => chunk.direction === direction)
    const end = newest === undefined ? 0 : newest.offset + newest.bytes.length
    const trail = capture?.[direction]
    const to = trail?.to ?? totals?.[direction] ?? end
    // Bytes before a dropped chunk are left out too.
    const from = trail?.dropped === true ? trail.from : (oldest?.offset ?? trail?.from ?? to)
    return { from: Math.max(from, to - this.#each), to }
  }
}

interface Extent {
  from: number
  to: number
}

const NOTHING: Extent = { from: 0, to: 0 }

function* chunksOf(first: Captured[], capture: Capture | null, after: number): Generator<Captured> {
  yield* first
  if (capture !== null) yield* capture.since(after)
}
