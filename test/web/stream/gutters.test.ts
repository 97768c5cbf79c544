import { expect, test } from 'vitest'
import { guttersOf } from '../../../web/stream/gutters.ts'
import { hexShape } from '../../../web/stream/hex-row.ts'

/** The width of a character of the stream's font, in pixels. */
const COLUMN = 7.2

test('a time of day keeps away from the edge of the panel', () => {
  for (const width of [360, 480, 700]) {
    const { time, small } = guttersOf(width, COLUMN)
    const words = '22:28:44.380'.length * COLUMN * parseFloat(small)
    expect(time - words).toBeGreaterThanOrEqual(width < 440 ? 6 : 12)
  }
})

test('a phone has room for 8 bytes in a row, and the usual panel for their offset too', () => {
  const shape = (width: number) => hexShape(guttersOf(width, COLUMN).columns)
  expect(shape(390)).toEqual({ perRow: 8, offset: false })
  expect(shape(480)).toEqual({ perRow: 8, offset: true })
})
