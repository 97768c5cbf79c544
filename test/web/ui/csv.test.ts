import { expect, test } from 'vitest'
import { csvLine } from '../../../web/ui/csv.ts'

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['', ''],
  [null, ''],
  [-5, '-5'],
  [true, 'true'],
])('%j is written as %s', (value, written) => {
  expect(csvLine([value, 1])).toBe(`${written},1\r\n`)
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('%j from a stranger is no formula', (text) => {
  expect(csvLine([text]).replaceAll('"', '')).toBe(`'${text}\r\n`)
})
