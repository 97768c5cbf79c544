import { DIRECTIONS, type Direction, type PayloadChunk, type PayloadFrame } from '../../shared/payload.ts'
import { ByteStream } from './byte-stream.ts'
import { CHARACTER_MAX } from './utf8.ts'

/** A chunk without its bytes: those are in its direction's stream. */
export interface Chunk {
  readonly n: number
  /** Unix milliseconds. */
  readonly at: number
  readonly direction: Direction
  /** Grows when the chunk's beginning is dropped. */
  offset: number
  readonly end: number
  /** Where its lines of text begin, relative to `offset`, and at how many columns: kept for whoever lays it out. */
  lines: readonly number[] | null
  lineColumns: number
}

/** What the page holds of the bytes of the connection that it follows: at most what the server keeps of them. */
export class Followed {
  readonly id: number
  streams: Readonly<Record<Direction, ByteStream>> = { in: new ByteStream(), out: new ByteStream() }
  /** In the order in which they came, both directions together. */
  chunks: Chunk[] = []
  /** Those of one direction. */
  byDirection: Record<Direction, Chunk[]> = { in: [], out: [] }
  /** `waiting`: the server has not answered yet; `unknown`: it does not know the connection any more. */
  state: 'waiting' | 'known' | 'unknown' = 'waiting'
  /** Rises when anything has changed. */
  changes = 0
  /** The frame that brings the rest is on its way. */
  more = false

  constructor(id: number) {
    this.id = id
  }

  /** Frames of another connection, followed before this one, may still come. */
  apply(frame: PayloadFrame): void {
    if (frame.id !== this.id) return
    const first = frame.chunks[0]
    // After a reconnect the server begins again, with chunks that are here already.
    if (first && first.n <= (this.chunks.at(-1)?.n ?? 0)) this.#clear()
    // First: what was dropped while this page could not be sent it would be missing between the old and the new.
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

  /** All bytes in the order in which they passed. */
  inOrder(): Uint8Array<ArrayBuffer> {
    const { streams } = this
    const all = new Uint8Array(streams.in.length + streams.out.length)
    let length = 0
    for (const chunk of this.chunks) {
      all.set(this.bytesOf(chunk), length)
      length += chunk.end - chunk.offset
    }
    return all
  }

  bytesOf({ direction, offset, end }: Chunk): Uint8Array<ArrayBuffer> {
    return this.streams[direction].slice(offset, end)
  }

  /** The chunk that has this byte; undefined where there is none. */
  chunkAt(direction: Direction, offset: number): Chunk | undefined {
    const chunks = this.byDirection[direction]
    const chunk = chunks[firstIndex(chunks, ({ end }) => end > offset)]
    return chunk && chunk.offset <= offset ? chunk : undefined
  }

  #append({ n, at, direction, offset, data }: PayloadChunk): void {
    const bytes = fromBase64(data)
    if (bytes.length === 0) return
    const stream = this.streams[direction]
    // A character that the last chunks left open may end in this one.
    this.#forgetLines(direction, stream.to - CHARACTER_MAX + 1, stream.to)
    stream.append(offset, bytes)
    const chunk: Chunk = { n, at, direction, offset, end: offset + bytes.length, lines: null, lineColumns: 0 }
    this.chunks.push(chunk)
    this.byDirection[direction].push(chunk)
  }

  #drop(from: Record<Direction, number>): void {
    let dropped = false
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
      dropped ||= gone > 0
    }
    if (dropped) this.chunks = this.chunks.filter(({ direction, end }) => end > this.streams[direction].from)
  }

  /** Characters between have changed. */
  #forgetLines(direction: Direction, from: number, to: number): void {
    const chunks = this.byDirection[direction]
    for (let index = firstIndex(chunks, ({ end }) => end > from); index < chunks.length; index++) {
      const chunk = chunks[index]
      if (!chunk || chunk.offset >= to) return
      chunk.lines = null
    }
  }

  #clear(): void {
    this.chunks = []
    this.byDirection = { in: [], out: [] }
    this.streams = { in: new ByteStream(), out: new ByteStream() }
  }
}

/** The index of the first that is so, of items that are so from one of them on; their number if none is. */
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
