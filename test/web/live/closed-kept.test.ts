import { expect, test } from 'vitest'
import { closedKeptText, keptCount } from '../../../web/live/closed-kept.ts'

test('nothing is said while the page has every closed connection', () => {
  expect(closedKeptText({ closed: 300, notKept: 0 }, 10_000)).toBeNull()
})

test.each([
  ['what the page loaded', 250, 10_050, 'loaded the newest 200 when it connected. The server keeps at most 10,000'],
  ['the limit of the page', 10_000, 5, 'keeps the newest 10,000.'],
  ['--closed-kept', 80, 20, 'The server keeps at most 50 (--closed-kept).', 50],
])('names the limit: %s', (_limit, closed, notKept, words, serverKeeps = 10_000) => {
  const text = closedKeptText({ closed, notKept }, serverKeeps)
  expect(text).toContain(words)
  expect(text).toContain(`of ${(closed + notKept).toLocaleString('en')} closed connections`)
})

test('a count says of how many, as soon as the page lacks some', () => {
  expect(keptCount({ closed: 300, notKept: 0 }, 5)).toBe('305')
  expect(keptCount({ closed: 200, notKept: 12_037 })).toBe('200 of 12,237')
  expect(keptCount({ closed: 200, notKept: 12_037 }, 5)).toBe('205 of 12,242')
})
