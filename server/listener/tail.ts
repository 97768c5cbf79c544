/** Chunks at least so long are kept as they are; shorter ones are copied together, as a Buffer each costs more than they do. */
const KEPT_AS_IT_IS = 4_096
const SMALLEST_SEGMENT = 256
const LARGEST_SEGMENT = 8_192
/** More chunks do not go into one: their marks take more than the bytes, and it is let go of as a whole. */
const SEGMENT_CHUNKS = 512
/** What a segment needs beside its bytes and marks. */
const SEGMENT_COST = 300
const MARKS_PER_CHUNK = 3
/** Eight bytes, and what an array that grows has to spare. */
const MARK_COST = 10

export interface Kept {
  n: number
  at: number
  offset: number
  bytes: Buffer
}

/** Chunks that lie one behind the other in one piece of memory. */
class Segment {
  readonly bytes: Buffer
  /** Made to hold several chunks. */
  readonly packed: boolean
  /** Offsets in the stream: of its first byte, and one past its last. */
  readonly start: number
  end: number
  /** Of each chunk its number, its time, and the offset of its end. */
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

  /** Of chunks: there may be room for bytes. */
  get full(): boolean {
    return this.marks.length >= SEGMENT_CHUNKS * MARKS_PER_CHUNK
  }

  get room(): number {
    return this.full ? 0 : this.bytes.length - this.length
  }
}

/** The newest bytes of one direction, in the chunks they came in. What is kept begins at `from`: nothing else says so. */
export class Tail {
  /** Offsets in the stream: of its first byte, of the oldest one kept, and one past the newest. */
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

  /** The number of the oldest chunk kept, or one that is older; Infinity when there is none. */
  get oldest(): number {
    return this.#first?.marks[0] ?? Infinity
  }

  /**
   * Adds a chunk, which must not be changed any more, and lets go of what is more than `limit` bytes behind its end.
   * @returns by how many bytes of memory the trail has grown
   */
  append(n: number, at: number, chunk: Buffer, limit: number): number {
    const start = this.to
    const end = start + chunk.length
    const last = this.#last
    let grown: number
    if (chunk.length >= KEPT_AS_IT_IS || chunk.length > limit) {
      // Of more than is to be kept a copy of the end, or the whole would stay in memory.
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

  /** Lets go of the oldest segment. @returns by how many bytes of memory the trail has shrunk */
  dropOldest(): number {
    return this.#first === null ? 0 : this.#dropBefore(this.#first.end)
  }

  /** What is kept of the chunks with a number over `after`, oldest first. */
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

/** Each segment is twice as long as the one before, but no large part of all that is kept: it goes only as a whole. */
function nextSize(last: Segment | null, limit: number): number {
  const largest = Math.min(LARGEST_SEGMENT, Math.max(SMALLEST_SEGMENT, limit >> 3))
  if (last?.packed !== true) return SMALLEST_SEGMENT
  // One that was full of chunks before it was full of bytes was too long for such short ones.
  return Math.min(last.full ? last.length : last.bytes.length * 2, largest)
}
