import type { ByteStream } from './byte-stream.ts'
import { type HitAt, type Piece, PieceList } from './pieces.ts'
import type { Chunk } from './followed.ts'
import { eachCharacter, firstCharacter, isInvalid } from './utf8.ts'
import { columnsOf, CR, LF, markOf, TAB } from './visible.ts'

const TAB_STOP = 8
/** Lines never have fewer columns than this, even if the view is narrower. */
const COLUMNS_MIN = 16
const ONE_LINE: readonly number[] = [0]

/**
 * Offsets of the chunk's lines, relative to the chunk: a line ends after a newline or when its columns are full.
 * There is at least one line, even if all bytes belong to a character begun in the chunk before.
 */
export function linesOf(chunk: Chunk, stream: ByteStream, columns: number): readonly number[] {
  if (chunk.lines !== null && chunk.lineColumns === columns) return chunk.lines
  chunk.lines = breakLines(chunk, stream, Math.max(columns, COLUMNS_MIN))
  chunk.lineColumns = columns
  return chunk.lines
}

function breakLines({ offset, end }: Chunk, stream: ByteStream, columns: number): readonly number[] {
  if (end - offset === 1) return ONE_LINE
  const lines = [0]
  let column = 0
  let before = -1
  eachCharacter(stream, firstCharacter(stream, offset), end, (code, at) => {
    const width = widthOf(code, column, stream.at(at + 1))
    if (before === LF || column + width > columns) {
      lines.push(at - offset)
      column = 0
    }
    column += width
    before = code
  })
  // Most chunks are short, and an array for each would cost more than its bytes.
  return lines.length === 1 ? ONE_LINE : lines
}

/** Line-end marks count as zero columns, or they would wrap to a line of their own. */
function widthOf(code: number, column: number, next: number | undefined): number {
  if (code === TAB) return TAB_STOP - (column % TAB_STOP)
  if (code === LF || (code === CR && next === LF)) return 0
  return markOf(code)?.length ?? columnsOf(code)
}

/** The pieces between two offsets within one line of the chunk. */
export function textPieces(stream: ByteStream, start: number, end: number, hitAt: HitAt): Piece[] {
  const pieces = new PieceList()
  const first = firstCharacter(stream, start)
  // The rest of a character shown in the chunk before.
  if (first >= end) pieces.add('…', 'rest', hitAt(start))
  let column = 0
  eachCharacter(stream, first, end, (code, at) => {
    const hit = hitAt(at)
    const mark = markOf(code)
    const width = widthOf(code, column, stream.at(at + 1))
    if (code === TAB) pieces.add('→'.padEnd(width), 'tab', hit)
    else if (mark === null) pieces.add(String.fromCodePoint(code), 'plain', hit)
    else pieces.add(mark, code === LF || code === CR ? 'end' : isInvalid(code) ? 'invalid' : 'mark', hit)
    column += width
  })
  return pieces.all
}
