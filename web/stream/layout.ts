import type { Direction } from '../../shared/payload.ts'
import { type Chunk, firstIndex, type Followed } from './followed.ts'
import { bytesPerRow } from './hex-row.ts'
import { linesOf } from './text-lines.ts'
import type { ByteFormat, Shown } from './view-options.ts'

/** A row: the head of a chunk, or the bytes from `start` to `end` of its direction's stream. */
export type Place =
  | { chunk: Chunk; previous: Chunk | undefined; head: true }
  | { chunk: Chunk; head: false; start: number; end: number }

/** Maps rows to chunks. Each chunk has one row for its head and rows for its bytes, all of the same height. */
export class StreamLayout {
  readonly view: ByteFormat
  /** Bytes per row in hex format. */
  readonly perRow: number
  readonly chunks: readonly Chunk[]
  /** Number of rows. */
  readonly rows: number
  #followed: Followed
  #columns: number
  /** The row of each chunk's head. */
  #heads: Uint32Array

  /** @param columns of the fixed-width font that fit */
  constructor(followed: Followed, { view, shown, columns }: { view: ByteFormat; shown: Shown; columns: number }) {
    this.view = view
    this.perRow = bytesPerRow(columns)
    this.#columns = columns
    this.#followed = followed
    this.chunks = shown === 'both' ? followed.chunks : followed.byDirection[shown]
    this.#heads = new Uint32Array(this.chunks.length)
    let rows = 0
    this.chunks.forEach((chunk, index) => {
      this.#heads[index] = rows
      rows += 1 + this.#rowsOf(chunk)
    })
    this.rows = rows
  }

  /** Undefined beyond the last row. */
  place(row: number): Place | undefined {
    if (row < 0 || row >= this.rows) return undefined
    const index = this.#chunkIndex(row)
    const chunk = this.chunks[index]
    if (!chunk) return undefined
    const line = row - (this.#heads[index] ?? 0) - 1
    if (line < 0) return { chunk, previous: this.chunks[index - 1], head: true }
    if (this.view === 'hex') {
      const start = chunk.offset + line * this.perRow
      return { chunk, head: false, start, end: Math.min(start + this.perRow, chunk.end) }
    }
    const lines = this.#linesOf(chunk)
    const next = lines[line + 1]
    const end = next === undefined ? chunk.end : chunk.offset + next
    return { chunk, head: false, start: chunk.offset + (lines[line] ?? 0), end }
  }

  /** The row of a byte; 0 if the byte is not kept. */
  rowOf(direction: Direction, offset: number): number {
    const chunk = this.#followed.chunkAt(direction, offset)
    if (!chunk) return 0
    const relative = offset - chunk.offset
    const line =
      this.view === 'hex'
        ? Math.floor(relative / this.perRow)
        : firstIndex(this.#linesOf(chunk), (start) => start > relative) - 1
    return this.headOf(chunk) + 1 + line
  }

  /** The row of a chunk's head, or of the next chunk's if it is not kept. */
  headOf({ n }: Pick<Chunk, 'n'>): number {
    return this.#heads[firstIndex(this.chunks, (chunk) => chunk.n >= n)] ?? 0
  }

  #rowsOf(chunk: Chunk): number {
    return this.view === 'hex' ? Math.ceil((chunk.end - chunk.offset) / this.perRow) : this.#linesOf(chunk).length
  }

  #linesOf(chunk: Chunk): readonly number[] {
    return linesOf(chunk, this.#followed.streams[chunk.direction], this.#columns)
  }

  #chunkIndex(row: number): number {
    let low = 0
    let high = this.#heads.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#heads[middle] ?? 0) <= row) low = middle
      else high = middle
    }
    return low
  }
}
