import { type Chunk, firstIndex, type Followed } from './followed.ts'
import type { LineTime } from './gaps.ts'
import { type HexShape, hexShape } from './hex-row.ts'
import { linesOf } from './text-lines.ts'
import type { ByteFormat } from './view-options.ts'
import { LF } from './visible.ts'

/** Columns that a note needs beside the bytes. */
const NOTE_COLUMNS = 16
/** A chunk with fewer rows of bytes has no row for notes. */
const NOTES_ROWS = 3

/** A row of a chunk's bytes. Only its first row has a time. */
export type BytesPlace = { kind: 'bytes'; chunk: Chunk; start: number; end: number; time: LineTime | null }

/** What begins with the chunk, whose first row of bytes is the next row. */
export type NotesPlace = { kind: 'notes'; chunk: Chunk; end: number; time: LineTime }

/** Cuts the bytes of a chunk into rows, as text or in hexadecimal. */
export class ChunkRows {
  readonly view: ByteFormat
  readonly hex: HexShape
  readonly #followed: Followed
  readonly #columns: number

  /** @param columns of the fixed-width font that fit */
  constructor(followed: Followed, view: ByteFormat, columns: number) {
    this.view = view
    this.hex = hexShape(columns)
    this.#followed = followed
    this.#columns = columns
  }

  /** How many rows the chunk has. */
  count(chunk: Chunk): number {
    const bytes =
      this.view === 'hex' ? Math.ceil((chunk.end - chunk.offset) / this.hex.perRow) : this.#linesOf(chunk).length
    return bytes + (this.hasNotesRow(chunk) ? 1 : 0)
  }

  /** @param line which of the chunk's rows, @param time of the chunk */
  place(chunk: Chunk, line: number, time: LineTime): NotesPlace | BytesPlace {
    if (!this.hasNotesRow(chunk)) return this.#bytesAt(chunk, line, line === 0 ? time : null)
    if (line > 0) return this.#bytesAt(chunk, line - 1, null)
    return { kind: 'notes', chunk, end: this.#bytesAt(chunk, 0, null).end, time }
  }

  /** Which of the chunk's rows has this byte. */
  lineOf(chunk: Chunk, offset: number): number {
    const relative = offset - chunk.offset
    const line =
      this.view === 'hex'
        ? Math.floor(relative / this.hex.perRow)
        : firstIndex(this.#linesOf(chunk), (start) => start > relative) - 1
    return line + (this.hasNotesRow(chunk) ? 1 : 0)
  }

  /** Whether what begins with the chunk is named above it. That is not worth a row above a short chunk, or if its first row has room. */
  hasNotesRow(chunk: Chunk): boolean {
    const { noted, direction, offset, end } = chunk
    if (!noted) return false
    if (this.view === 'hex') return end - offset > this.hex.perRow * (NOTES_ROWS - 1)
    const lines = this.#linesOf(chunk)
    const second = lines[1]
    if (second === undefined || lines.length < NOTES_ROWS) return false
    const isCut = this.#followed.streams[direction].at(offset + second - 1) !== LF
    return isCut || second > this.#columns - NOTE_COLUMNS
  }

  #bytesAt(chunk: Chunk, line: number, time: LineTime | null): BytesPlace {
    const kind = 'bytes'
    if (this.view === 'hex') {
      const start = chunk.offset + line * this.hex.perRow
      return { kind, chunk, start, end: Math.min(start + this.hex.perRow, chunk.end), time }
    }
    const lines = this.#linesOf(chunk)
    const next = lines[line + 1]
    const end = next === undefined ? chunk.end : chunk.offset + next
    return { kind, chunk, start: chunk.offset + (lines[line] ?? 0), end, time }
  }

  #linesOf(chunk: Chunk): readonly number[] {
    return linesOf(chunk, this.#followed.streams[chunk.direction], this.#columns)
  }
}
