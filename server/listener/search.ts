import { setImmediate as turn } from 'node:timers/promises'
import { type Direction, DIRECTIONS } from '../../shared/payload.ts'

/** A search yields to the event loop after this many milliseconds. */
const SLICE_MS = 5
/** Longest piece searched without a look at the clock. It limits what one chunk of a megabyte can hold up. */
const PIECE_BYTES = 16 * 1024
/** What reading a chunk costs besides its bytes, as bytes searched. */
const CHUNK_BYTES = 200

/** Consecutive captured bytes. The chunks of one stream come in order. */
export interface StreamChunk {
  id: number
  direction: Direction
  offset: number
  bytes: Buffer
}

/** Where the search of one direction's stream is. */
interface Trace {
  /** Stream offset of the next byte. */
  to: number
  /** For each text: how many of its bytes match so far. */
  matched: number[]
}

/**
 * Searches streams for texts, ignoring the case of ASCII letters. A text may cross chunks: a stream has no messages.
 * @returns for each text, the ids of the connections that have it in either direction
 */
export async function searchStreams(chunks: Iterable<StreamChunk>, texts: readonly string[]): Promise<number[][]> {
  const searches = texts.map((text) => ({ needle: new Needle(text), found: new Set<number>() }))
  const traces = new Map<number, Trace>()
  let sliceEnd = performance.now() + SLICE_MS
  let done = 0
  for (const { id, direction, offset, bytes } of chunks) {
    const key = id * DIRECTIONS.length + DIRECTIONS.indexOf(direction)
    let trace = traces.get(key)
    // Bytes between two chunks may have been dropped.
    if (trace?.to !== offset) traces.set(key, (trace = { to: 0, matched: texts.map(() => 0) }))
    trace.to = offset + bytes.length
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES)
      for (const [index, { needle, found }] of searches.entries()) {
        if (found.has(id)) continue
        const matched = needle.advance(trace.matched[index] ?? 0, piece)
        trace.matched[index] = matched
        if (matched === needle.length) found.add(id)
      }
      done += (piece.length + CHUNK_BYTES) * texts.length
      if (done < PIECE_BYTES) continue
      done = 0
      if (performance.now() < sliceEnd) continue
      await turn()
      sliceEnd = performance.now() + SLICE_MS
    }
  }
  return searches.map(({ found }) => [...found])
}

/**
 * A text as an automaton, which reads each byte once, however the text repeats itself. For each number of matched bytes
 * and each next byte, `#next` has how many bytes match then (Knuth, Morris and Pratt).
 */
export class Needle {
  readonly length: number
  readonly #next: Uint16Array

  constructor(text: string) {
    const bytes = Buffer.from(text)
    this.length = bytes.length
    this.#next = new Uint16Array(bytes.length << 8)
    // Where the search would be if it had begun one byte later.
    let later = 0
    for (const [matched, byte] of bytes.entries()) {
      const row = matched << 8
      if (matched > 0) this.#next.copyWithin(row, later << 8, (later + 1) << 8)
      const after = matched === 0 ? 0 : (this.#next[(later << 8) | byte] ?? 0)
      for (const same of cases(byte)) this.#next[row | same] = matched + 1
      later = after
    }
  }

  /**
   * Continues with the next bytes of a stream.
   * @param matched how many bytes of the text the stream ends with so far
   * @returns the same after these bytes; `length` as soon as the text is found
   */
  advance(matched: number, bytes: Uint8Array): number {
    const { length } = this
    const next = this.#next
    let state = matched
    for (let i = 0; i < bytes.length && state < length; i++) state = next[(state << 8) | (bytes[i] ?? 0)] ?? 0
    return state
  }
}

/** An ASCII letter in both cases, or the byte itself. */
function cases(byte: number): number[] {
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x7a ? [lower, lower ^ 0x20] : [byte]
}
