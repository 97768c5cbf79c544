import type { ByteStream } from './byte-stream.ts'
import { type HitAt, type Piece, PieceList } from './pieces.ts'

const OFFSET_DIGITS = 6
/** A wider gap after this number of bytes guides the eye. */
const GROUP = 8

export interface HexRow {
  /** Stream offset of the first byte, in hexadecimal. */
  offset: string
  bytes: Piece[]
  ascii: Piece[]
  /** Blank columns in place of bytes missing from the row. */
  missing: number
}

/** What fits in a row of the hex view, the best first. */
const SHAPES: readonly HexShape[] = [
  { perRow: 16, offset: true },
  { perRow: 8, offset: true },
  { perRow: 8, offset: false },
  { perRow: 4, offset: true },
]

export interface HexShape {
  /** Bytes per row. */
  perRow: number
  /** Whether there is room for the offset. */
  offset: boolean
}

/** @param columns of the fixed-width font */
export function hexShape(columns: number): HexShape {
  return SHAPES.find((shape) => columnsOf(shape) <= columns) ?? { perRow: 4, offset: false }
}

/** Two columns separate the offset, the bytes and the characters. */
function columnsOf({ perRow, offset }: HexShape): number {
  return (offset ? OFFSET_DIGITS + 2 : 0) + bytesColumns(perRow) + 2 + perRow
}

function bytesColumns(bytes: number): number {
  return bytes * 3 - 1 + Math.ceil(bytes / GROUP) - 1
}

/** @param start of the row, @param end of its bytes: fewer than `perRow` in a chunk's last row */
export function hexRow(stream: ByteStream, start: number, end: number, perRow: number, hitAt: HitAt): HexRow {
  const bytes = new PieceList()
  const ascii = new PieceList()
  for (let at = start; at < end; at++) {
    const byte = stream.at(at) ?? 0
    const hit = hitAt(at)
    const gap = at === start ? '' : (at - start) % GROUP === 0 ? '  ' : ' '
    // The gap before a byte belongs to the match if the byte before it does.
    if (gap !== '') bytes.add(gap, byte === 0 ? 'zero' : 'plain', hit === hitAt(at - 1) ? hit : null)
    bytes.add(hexByte(byte), byte === 0 ? 'zero' : 'plain', hit)
    const printable = byte >= 0x20 && byte < 0x7f
    ascii.add(printable ? String.fromCharCode(byte) : '·', printable ? 'plain' : 'dot', hit)
  }
  const missing = bytesColumns(perRow) - bytesColumns(end - start)
  return { offset: start.toString(16).padStart(OFFSET_DIGITS, '0'), bytes: bytes.all, ascii: ascii.all, missing }
}

export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0')
}
