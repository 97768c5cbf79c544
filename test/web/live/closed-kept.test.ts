import { expect, test } from 'vitest'
import { closedKeptText, keptCount } from '../../../web/live/closed-kept.ts'

const SERVER = { older: 0, listener: { closedKept: 10_000 } }

test('nothing is said while the page has every closed connection', () => {
  expect(closedKeptText({ closed: 300, notKept: 0 }, SERVER)).toBeNull()
})

test.each([
  ['the server keeps more', 250, 10_050, { ...SERVER, older: 9_750 }, 'The server keeps 9,750 more.'],
  ['the server may keep more', 250, 10_050, { ...SERVER, older: null }, 'The server may keep more.'],
  ['the limit of the page', 10_000, 5, { ...SERVER, older: 5 }, 'keeps the newest 10,000.'],
  [
    '--closed-kept',
    80,
    20,
    { ...SERVER, listener: { closedKept: 50 } },
    'The server keeps at most 50 (--closed-kept).',
  ],
])('says why the page lacks some: %s', (_why, closed, notKept, server, words) => {
  const text = closedKeptText({ closed, notKept }, server)
  expect(text).toContain(words)
  expect(text).toContain(`of ${(closed + notKept).toLocaleString('en')} closed connections`)
})

test('a count says of how many, as soon as the page lacks some', () => {
  expect(keptCount({ closed: 300, notKept: 0 }, 5)).toBe('305')
  expect(keptCount({ closed: 200, notKept: 12_037 })).toBe('200 of 12,237')
  expect(keptCount({ closed: 200, notKept: 12_037 }, 5)).toBe('205 of 12,242')
})
