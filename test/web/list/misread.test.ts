import { expect, test } from 'vitest'
import { parseFilter } from '../../../shared/filter/filter.ts'
import { corrected, markedPieces, startOf } from '../../../web/list/misread.ts'

const FILTER = 'ip:1 sate:live -sendqueue>=5 "foo:1" foo:"a b'
const { misread } = parseFilter(FILTER)

test('the misread words of a filter are marked, and the pieces are the whole filter', () => {
  const pieces = markedPieces(FILTER, misread)
  expect(pieces.map(({ text }) => text).join('')).toBe(FILTER)
  expect(pieces.filter(({ marked }) => marked).map(({ text }) => text)).toEqual([
    'sate:live',
    '-sendqueue>=5',
    'foo:"a b',
  ])
})

test('a misread word is named by its start', () => {
  expect(misread.map(startOf)).toEqual(['sate:', 'sendqueue>', 'foo:'])
})

test('the nearest term replaces only the start of the misread one', () => {
  const texts = misread.map((one) => corrected(FILTER, one))
  expect(texts).toEqual([FILTER.replace('sate:', 'state:'), FILTER.replace('sendqueue>', 'sendq>'), FILTER])
})
