import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FILTER_MAX, parseFilter } from '../../../shared/filter/filter.ts'
import { readNetwork } from '../../../shared/filter/addresses.ts'
import { nearestStart } from '../../../shared/filter/nearest.ts'
import { TERM_STARTS } from '../../../shared/filter/terms.ts'
import { quote, readGroups } from '../../../shared/filter/words.ts'
import { NOW, row } from '../../web/live/rows.ts'

const texts = (filter: string): string[][] => readGroups(filter).map((group) => group.map(({ text }) => text))

test.each([
  ['a b', [['a', 'b']]],
  ['"a b" c', [['a b', 'c']]],
  ['k:"a b"', [['k:a b']]],
  ['a"b c', [['a"b', 'c']]],
  ['"a', [['a']]],
  ['"', [['']]],
  ['"a\\"b\\\\" c', [['a"b\\', 'c']]],
  ['"a\\n"', [['a\\n']]],
  ['"a"b', [['ab']]],
  ['a\tb\u00a0c\nd', [['a', 'b', 'c', 'd']]],
  ['a OR b c', [['a'], ['b', 'c']]],
  ['OR a OR OR b OR', [['a'], ['b']]],
  ['a Or b', [['a', 'Or', 'b']]],
  ['--a -"b c" -', [['-a', 'b c']]],
])('%j is read as %j', (filter, groups) => {
  expect(texts(filter)).toEqual(groups)
})

test('any text can be quoted as one word', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const [group = []] = readGroups(`text:${quote(text)} x`)
      expect(group.map(({ key, text: word }) => [key, word])).toEqual([
        ['text', `text:${text}`],
        ['', 'x'],
      ])
    }),
  )
})

test('whatever is typed is read without an error, and its words cover it', () => {
  const pieces = ['"', '\\', '-', ' ', 'OR', ':', '>', '<', '=', '/', '[', '%', '::', '1', 'ip', 'text', 'é']
  // Lone surrogates too.
  const unit = fc.nat(0xffff).map((code) => String.fromCharCode(code))
  const typed = fc.oneof(
    fc.string({ unit }),
    fc.array(fc.constantFrom(...pieces)).map((all) => all.join('')),
  )
  const one = row(1)
  fc.assert(
    fc.property(typed, (filter) => {
      const words = readGroups(filter).flat()
      for (const { typed: word, at } of words) expect(filter.slice(at, at + word.length)).toBe(word)
      expect(typeof parseFilter(filter).matches(one, NOW)).toBe('boolean')
    }),
  )
})

/** Milliseconds of CPU time, so that other programs do not matter. */
function cpuMs(work: () => void): number {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

test.each([
  '"',
  '\\"',
  '-',
  'a',
  'a:',
  '(',
  '[',
  '1.',
  'ip:1-',
  'ip:[',
  'ip:%',
  ':',
  '::',
  '0:',
  'OR ',
  'text:"',
  '> ',
  '\ud800',
])('many repeats of %j are read in linear time, and a filter as long as allowed is applied quickly', (piece) => {
  const long = piece.repeat(200_000)
  expect(cpuMs(() => readGroups(long))).toBeLessThan(1_000)
  const one = row(1)
  const filter = piece.repeat(FILTER_MAX / piece.length)
  expect(cpuMs(() => parseFilter(filter).matches(one, NOW))).toBeLessThan(100)
  expect(parseFilter(piece.repeat(10_000)).fault).toBe('too-long')
})

test('a network has exactly the addresses that share its first bits', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.nat(32), (address, other, bits) => {
      const value = (text: string): bigint => text.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n)
      const same = value(address) >> BigInt(32 - bits) === value(other) >> BigInt(32 - bits)
      expect(readNetwork(`${address}/${bits}`)?.(other)).toBe(same)
      expect(readNetwork(`::ffff:${address}/${bits + 96}`)?.(other)).toBe(same)
    }),
  )
})

test('every term is the nearest to itself, and with one letter missing still near', () => {
  for (const start of TERM_STARTS) {
    const [, key = '', operator = ''] = /^([a-z]+)(.)$/.exec(start) ?? []
    expect(nearestStart(key, operator, TERM_STARTS)).toBe(start)
    if (key.length > 3) expect(nearestStart(key.slice(0, -1), operator, TERM_STARTS)).toBe(start)
  }
  expect(nearestStart('x'.repeat(1_999), ':', TERM_STARTS)).toBe(null)
})
