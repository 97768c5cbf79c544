import { describe, expect, test } from 'vitest'
import type { Followed } from '../../../web/stream/followed.ts'
import { hexRow, hexShape } from '../../../web/stream/hex-row.ts'
import type { Piece } from '../../../web/stream/pieces.ts'
import { counting, followed, layoutOf } from './frames.ts'

function textOf(pieces: Piece[]): string {
  return pieces.map(({ text }) => text).join('')
}

/** The drawn view. */
function dump(held: Followed, columns = 100): string[] {
  const layout = layoutOf(held, { view: 'hex', columns })
  return Array.from({ length: layout.rows }, (_, row) => {
    const place = layout.place(row)
    if (place?.kind !== 'bytes') return `# ${place?.kind}`
    const stream = held.streams[place.chunk.direction]
    const { offset, bytes, ascii, missing } = hexRow(stream, place.start, place.end, layout.hex.perRow, () => null)
    return `${offset}  ${textOf(bytes)}${' '.repeat(missing)}  ${textOf(ascii)}`
  })
}

const ROW_0 = '000000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e 0f  ················'
const ROW_1 = '000010  10 11 12 13 14 15 16 17  18 19 1a 1b 1c 1d 1e 1f  ················'

describe('the hex view of', () => {
  test.each([
    [0, []],
    [1, ['000000  00                                                ·']],
    [15, ['000000  00 01 02 03 04 05 06 07  08 09 0a 0b 0c 0d 0e     ···············']],
    [16, [ROW_0]],
    [17, [ROW_0, '000010  10                                                ·']],
    [33, [ROW_0, ROW_1, '000020  20                                                 ']],
  ])('%i bytes', (length, rows) => {
    expect(dump(followed(counting(length)))).toEqual(rows)
  })

  test('all bytes has each by its value, printable ones by themselves too', () => {
    const rows = dump(followed(counting(256)))
    const values = rows.flatMap((row) => row.slice(8, 56).trim().split(/ +/))
    expect(values).toEqual(Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0')))
    const printable = rows
      .map((row) => row.slice(58))
      .join('')
      .replaceAll('·', '')
    expect(printable).toBe(String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index)))
  })

  test('two chunks begins a row with each, offsets going on in its direction', () => {
    expect(dump(followed('abc', ['out', 'ABC'], 'd'))).toEqual([
      '000000  61 62 63                                          abc',
      '000000  41 42 43                                          ABC',
      '000003  64                                                d',
    ])
  })
})

test('a row has 16 bytes, fewer or no offset where they do not fit', () => {
  const shapes = [200, 74, 73, 41, 40, 33, 32, 10].map(hexShape)
  expect(shapes.map(({ perRow }) => perRow)).toEqual([16, 16, 8, 8, 8, 8, 4, 4])
  expect(shapes.map(({ offset }) => offset)).toEqual([true, true, true, true, false, false, true, false])
  expect(dump(followed(counting(9)), 41)).toEqual([
    '000000  00 01 02 03 04 05 06 07  ········',
    '000008  08                       ·',
  ])
  const widest = dump(followed(counting(16)), 74)[0]
  expect(widest).toHaveLength(74)
})
