/**
 * Chunks of at least this length are kept as they are. Shorter ones are copied together, because a Buffer for each
 * costs more memory than its bytes.
 */
const KEPT_AS_IT_IS = 4_096
const SMALLEST_SEGMENT = 256
const LARGEST_SEGMENT = 8_192
/** Most chunks in one segment: beyond that, their marks use more memory than their bytes, and a segment is dropped as a whole. */
const SEGMENT_CHUNKS = 512
/** Estimated memory of a segment without its bytes and marks. */
const SEGMENT_COST = 300
const MARKS_PER_CHUNK = 3
/** Estimated memory per mark: eight bytes, and the spare room of a growing array. */
const MARK_COST = 10

export interface Kept {
  n: number
  at: number
  offset: number
  bytes: Buffer
}

/** Consecutive chunks in one block of memory. */
class Segment {
  readonly bytes: Buffer
  /** Created to hold several chunks. */
  readonly packed: boolean
  /** Stream offsets: the first byte, and one past the last. */
  readonly start: number
  end: number
  /** For each chunk: its number, its time, and its end offset. */
  readonly marks: number[]
  next: Segment | null = null

  constructor(bytes: Buffer, packed: boolean, start: number, end: number, n: number, at: number) {
    this.bytes = bytes
    this.packed = packed
    this.start = start
    this.end = end
    this.marks = [n, at, end]
  }

  get cost(): number {
    return SEGMENT_COST + this.bytes.length + this.marks.length * MARK_COST
  }

  get length(): number {
    return this.end - this.start
  }

  /** True when no further chunk fits; there may be room for bytes. */
  get full(): boolean {
    return this.marks.length >= SEGMENT_CHUNKS * MARKS_PER_CHUNK
  }

  get room(): number {
    return this.full ? 0 : this.bytes.length - this.length
  }
}

/** The newest bytes of one direction, in the chunks in which they arrived. `from` is the first byte kept. */
export class Tail {
  /** Stream offsets: the first byte ever, the oldest byte kept, and one past the newest. */
  readonly begin: number
  from: number
  to: number
  #first: Segment | null = null
  #last: Segment | null = null

  constructor(begin: number) {
    this.begin = this.from = this.to = begin
  }

  get empty(): boolean {
    return this.#first === null
  }

  /** True once bytes before `from` have been dropped. */
  get dropped(): boolean {
    return this.from > this.begin
  }

  /** Number of the oldest chunk kept, or a lower one; Infinity when there is none. */
  get oldest(): number {
    return this.#first?.marks[0] ?? Infinity
  }

  /**
   * Adds a chunk, and drops bytes more than `limit` behind its end. The caller must not modify the chunk afterwards.
   * @returns the bytes of memory that the tail has grown by
   */
  append(n: number, at: number, chunk: Buffer, limit: number): number {
    const start = this.to
    const end = start + chunk.length
    const last = this.#last
    let grown: number
    if (chunk.length >= KEPT_AS_IT_IS || chunk.length > limit) {
      // A chunk longer than the limit: copy its end, or the whole chunk would stay in memory.
      const bytes = chunk.length > limit ? Buffer.from(chunk.subarray(-limit)) : chunk
      grown = this.#push(new Segment(bytes, false, end - bytes.length, end, n, at))
    } else if (last !== null && last.room >= chunk.length) {
      last.bytes.set(chunk, start - last.start)
      last.end = end
      last.marks.push(n, at, end)
      grown = MARKS_PER_CHUNK * MARK_COST
    } else {
      const bytes = Buffer.allocUnsafe(Math.max(chunk.length, nextSize(last, limit)))
      bytes.set(chunk)
      grown = this.#push(new Segment(bytes, true, start, end, n, at))
    }
    this.to = end
    return grown - this.#dropBefore(end - limit)
  }

  /** Drops the oldest segment. @returns the bytes of memory that were freed */
  dropOldest(): number {
    return this.#first === null ? 0 : this.#dropBefore(this.#first.end)
  }

  /** Chunks numbered above `after`, oldest first. */
  *since(after: number): Generator<Kept, undefined> {
    for (let segment = this.#first; segment !== null; segment = segment.next) {
      const { bytes, marks } = segment
      if ((marks.at(-MARKS_PER_CHUNK) ?? 0) <= after) continue
      let start = segment.start
      for (let i = 0; i < marks.length; i += MARKS_PER_CHUNK) {
        const [n = 0, at = 0, end = 0] = marks.slice(i, i + MARKS_PER_CHUNK)
        const offset = Math.max(start, this.from)
        start = end
        if (n <= after || end <= offset) continue
        yield { n, at, offset, bytes: bytes.subarray(offset - segment.start, end - segment.start) }
      }
    }
  }

  #push(segment: Segment): number {
    if (this.#last === null) this.#first = segment
    else this.#last.next = segment
    this.#last = segment
    return segment.cost
  }

  #dropBefore(offset: number): number {
    this.from = Math.max(this.from, offset)
    let freed = 0
    while (this.#first !== null && this.#first.end <= this.from) {
      freed += this.#first.cost
      this.#first = this.#first.next
    }
    if (this.#first === null) this.#last = null
    return freed
  }
}

/** Each segment is twice as long as the previous one, but only a small part of the limit, because it is dropped as a whole. */
function nextSize(last: Segment | null, limit: number): number {
  const largest = Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, limit >> 3))
  if (last?.packed !== true) return SMALLEST_SEGMENT
  // The last segment ran out of chunks before bytes, so the next one can be shorter.
  return Math.min(last.full ? last.length : last.bytes.length * 2, largest)
}
