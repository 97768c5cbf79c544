import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../shared/payload.ts'
import type { Followed } from '../../../web/stream/followed.ts'
import type { ByteFormat, Shown } from '../../../web/stream/view-options.ts'
import { Matches, MATCHES_MAX } from '../../../web/stream/matches.ts'
import { parseQuery } from '../../../web/stream/query.ts'
import { followed, Sender } from './frames.ts'

function search(held: Followed, query: string, view: ByteFormat, shown: Shown = 'all'): Matches {
  const needle = parseQuery(query, view)
  if (needle === null || needle === 'not-hex') throw new Error('nothing to find')
  return new Matches(held, shown, needle)
}

function places(held: Followed, query: string, view: ByteFormat, shown: Shown = 'all'): string[] {
  return search(held, query, view, shown).all.map(({ direction, offset }) => `${direction} ${offset}`)
}

describe('in text', () => {
  test('letters match in either case, all else exactly', () => {
    expect(places(followed('Host: a\r\nHOST: b'), 'host', 'text')).toEqual(['in 0', 'in 9'])
    expect(places(followed('Grüße GRÜSSE'), 'GRü', 'text')).toEqual(['in 0'])
    expect(places(followed('[x] {y}'), '[X', 'text')).toEqual(['in 0'])
    expect(places(followed('@`'), '`', 'text')).toEqual(['in 1'])
  })

  test('what several chunks brought together is found', () => {
    expect(places(followed('x', 'G', ['out', 'between'], 'E', 'T y'), 'get', 'text')).toEqual(['in 1'])
  })

  test('matches of both directions come in the order in which they passed', () => {
    const held = followed('ab', ['out', 'ab ab'], 'ab')
    expect(places(held, 'ab', 'text')).toEqual(['in 0', 'out 0', 'out 3', 'in 2'])
    expect(places(held, 'ab', 'text', 'out')).toEqual(['out 0', 'out 3'])
  })

  test('matches do not overlap', () => {
    expect(places(followed('aaaaa'), 'aa', 'text')).toEqual(['in 0', 'in 2'])
  })
})

describe('in hex', () => {
  test.each(['0d 0a', '0D0A', '0x0d, 0x0a', '0d:0a', '"\r\n"', '"\r\n', '0d 0a 0'])('%j finds a CRLF', (query) => {
    expect(places(followed('a\r\nb\r\n'), query, 'hex')).toEqual(['in 1', 'in 4'])
  })

  test('quoted text is found exactly as it is', () => {
    expect(places(followed('get GET'), '"GET"', 'hex')).toEqual(['in 4'])
  })

  test.each(['xyz', '0d 0g', 'GET'])('%j is no hex', (query) => {
    expect(parseQuery(query, 'hex')).toBe('not-hex')
  })

  test.each(['', ' ', '0', '"', '""'])('%j finds nothing', (query) => {
    expect(parseQuery(query, 'hex')).toBeNull()
  })
})

test('bytes of a match are marked, those of the current one apart', () => {
  const held = followed('abcabc', ['out', 'abc'])
  const matches = search(held, 'bc', 'text')
  const hitAt = matches.hits('in', { direction: 'in', offset: 4 })
  expect([0, 1, 2, 3, 4, 5].map(hitAt)).toEqual([null, 'match', 'match', null, 'current', 'current'])
  expect(matches.hits('out', { direction: 'in', offset: 4 })(1)).toBe('match')
})

test('the reader stays at a match while others come and go', () => {
  const held = followed('x.x.x')
  const matches = search(held, 'x', 'text')
  expect(matches.indexOf({ direction: 'in', offset: 2 })).toBe(1)
  expect(matches.indexOf({ direction: 'in', offset: 3 })).toBe(2)
  expect(matches.indexOf({ direction: 'in', offset: 9 })).toBe(0)
})

test('what was found while bytes came and went is what a new search finds', () => {
  const parts = fc.array(
    fc.tuple(
      fc.constantFrom<Direction>('in', 'out'),
      fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 9 }),
    ),
  )
  fc.assert(
    fc.property(parts, fc.constantFrom('ab', 'b', 'aba'), (all, query) => {
      const sender = new Sender()
      const held = followed()
      const growing = search(held, query, 'text')
      for (const [index, [direction, text]] of all.entries()) {
        held.apply(sender.frame(sender.chunk(direction, text)))
        // Only what comes before all matches goes: from the middle of overlapping ones, a new search finds others.
        const first = growing.all.find((match) => match.direction === direction)?.offset ?? 0
        if (index % 3 === 0) sender.drop({ [direction]: Math.max(first, held.streams[direction].from) })
        growing.update()
      }
      expect(growing.all).toEqual(search(held, query, 'text').all)
    }),
  )
})

test('says that there are more than it counts', () => {
  const matches = search(followed(...Array.from({ length: 4 }, () => new Uint8Array(5000))), '00', 'hex')
  expect(matches.all).toHaveLength(MATCHES_MAX)
  expect(matches.more).toBe(true)
  expect(search(followed(new Uint8Array(5)), '00', 'hex').more).toBe(false)
})
