import { DIRECTIONS, type Direction, type PayloadChunk, type PayloadFrame } from '../../shared/payload.ts'
import { ByteStream } from './byte-stream.ts'
import { CHARACTER_MAX } from './utf8.ts'

/** A chunk without its bytes; those are in its direction's stream. */
export interface Chunk {
  readonly n: number
  /** Unix milliseconds. */
  readonly at: number
  readonly direction: Direction
  /** Grows when the beginning of the chunk is dropped. */
  offset: number
  readonly end: number
  /** A decoder has found a message that begins with the chunk. */
  noted: boolean
  /** Cache for the layout: offsets of its text lines, relative to `offset`, and the columns they were computed for. */
  lines: readonly number[] | null
  lineColumns: number
}

/** The captured bytes of the connection that the page follows, at most as many as the server keeps. */
export class Followed {
  readonly id: number
  streams: Readonly<Record<Direction, ByteStream>> = { in: new ByteStream(), out: new ByteStream() }
  /** The chunks of each direction, in order of arrival. */
  byDirection: Record<Direction, Chunk[]> = { in: [], out: [] }
  /** `waiting`: no answer yet; `unknown`: the server no longer knows the connection. */
  state: 'waiting' | 'known' | 'unknown' = 'waiting'
  /** Increases with every change. */
  changes = 0
  /** Increases when all chunks are replaced. */
  generation = 0
  /** True while a frame with more bytes is on its way. */
  more = false

  constructor(id: number) {
    this.id = id
  }

  /** Frames of a previously followed connection may still arrive. */
  apply(frame: PayloadFrame): void {
    if (frame.id !== this.id) return
    const first = frame.chunks[0]
    // After a reconnect the server starts over, with chunks that are already here.
    if (first && first.n <= this.#newest) this.#clear()
    // Apply drops first: bytes dropped while the link was down would leave a gap between old and new chunks.
    this.#drop(frame.from)
    for (const chunk of frame.chunks) this.#append(chunk)
    this.more = frame.more
    this.state = 'known'
    this.changes++
  }

  /** The server does not know the connection. */
  refuse(): void {
    if (this.state === 'waiting') this.state = 'unknown'
    this.changes++
  }

  /** Number of chunks kept. */
  get count(): number {
    return this.byDirection.in.length + this.byDirection.out.length
  }

  /** The chunks with a higher number, in order of arrival. @param only leave out the other direction */
  *after(n: number, only?: Direction): Generator<Chunk, void> {
    const [ins, outs] = DIRECTIONS.map((direction) =>
      only === undefined || only === direction ? this.byDirection[direction] : [],
    ) as [Chunk[], Chunk[]]
    let i = firstIndex(ins, (chunk) => chunk.n > n)
    let o = firstIndex(outs, (chunk) => chunk.n > n)
    for (;;) {
      const [a, b] = [ins[i], outs[o]]
      if (a !== undefined && (b === undefined || a.n < b.n)) {
        yield a
        i++
      } else if (b !== undefined) {
        yield b
        o++
      } else return
    }
  }

  isKept({ direction, end }: Chunk): boolean {
    return end > this.streams[direction].from
  }

  /** All bytes in order of arrival. */
  inOrder(): Uint8Array<ArrayBuffer> {
    const { streams } = this
    const all = new Uint8Array(streams.in.length + streams.out.length)
    let length = 0
    for (const chunk of this.after(0)) {
      all.set(this.bytesOf(chunk), length)
      length += chunk.end - chunk.offset
    }
    return all
  }

  bytesOf({ direction, offset, end }: Chunk): Uint8Array<ArrayBuffer> {
    return this.streams[direction].slice(offset, end)
  }

  /** The chunk with this byte; undefined if it is not kept. */
  chunkAt(direction: Direction, offset: number): Chunk | undefined {
    const chunks = this.byDirection[direction]
    const chunk = chunks[firstIndex(chunks, ({ end }) => end > offset)]
    return chunk && chunk.offset <= offset ? chunk : undefined
  }

  #append({ n, at, direction, offset, data }: PayloadChunk): void {
    const bytes = fromBase64(data)
    if (bytes.length === 0) return
    const stream = this.streams[direction]
    // A character left incomplete by the last chunks may end in this one.
    this.#forgetLines(direction, stream.to - CHARACTER_MAX + 1, stream.to)
    stream.append(offset, bytes)
    const end = offset + bytes.length
    this.byDirection[direction].push({ n, at, direction, offset, end, noted: false, lines: null, lineColumns: 0 })
  }

  #drop(from: Record<Direction, number>): void {
    for (const direction of DIRECTIONS) {
      const stream = this.streams[direction]
      if (from[direction] <= stream.from) continue
      stream.dropBefore(from[direction])
      const chunks = this.byDirection[direction]
      const gone = firstIndex(chunks, ({ end }) => end > stream.from)
      const first = chunks[gone]
      if (first) first.offset = Math.max(first.offset, stream.from)
      this.#forgetLines(direction, stream.from, stream.from + CHARACTER_MAX)
      chunks.splice(0, gone)
    }
  }

  /** The characters between these offsets have changed. */
  #forgetLines(direction: Direction, from: number, to: number): void {
    const chunks = this.byDirection[direction]
    for (let index = firstIndex(chunks, ({ end }) => end > from); index < chunks.length; index++) {
      const chunk = chunks[index]
      if (!chunk || chunk.offset >= to) return
      chunk.lines = null
    }
  }

  get #newest(): number {
    return Math.max(...DIRECTIONS.map((direction) => this.byDirection[direction].at(-1)?.n ?? 0))
  }

  #clear(): void {
    this.generation++
    this.byDirection = { in: [], out: [] }
    this.streams = { in: new ByteStream(), out: new ByteStream() }
  }
}

/** Binary search: index of the first item for which the test holds; the length if there is none. */
export function firstIndex<T>(items: readonly T[], isSo: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && isSo(item)) high = middle
    else low = middle + 1
  }
  return low
}

function fromBase64(text: string): Uint8Array {
  const characters = atob(text)
  const bytes = new Uint8Array(characters.length)
  for (let index = 0; index < bytes.length; index++) bytes[index] = characters.charCodeAt(index)
  return bytes
}
