import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cleanName, unlike } from '../../../server/class/name.ts'

test.each([
  ['Ada', 'Ada'],
  ['  Ada \n Lovelace\t', 'Ada Lovelace'],
  ['Анна Ёлкина', 'Анна Ёлкина'],
  ['مریم‌جان', 'مریم‌جان'],
  ['👩‍👩‍👧 Kim', '👩‍👩‍👧 Kim'],
  ['<b>bold</b>', '<b>bold</b>'],
  ['Ada\u202Eadmin', 'Adaadmin'],
  ['\u2066Ada\u2069\u200B', 'Ada'],
  ['A\u0000d\u0007a', 'Ada'],
  ['Z\u0300\u0301\u0302\u0303\u0304a', 'Z\u0300\u0301a'],
  ['Ŝ'.repeat(40), 'Ŝ'.repeat(40)],
  ['Ŝ'.repeat(41), null],
  ['', null],
  [' \u200B\u2003\u202E ', null],
  ['\u3164\u2800', null],
  ['Ada\u200C', 'Ada'],
  ['\u200DA\u200D', 'A'],
  ['1\u200D2', '12'],
  [`a${'\u0300\u0300\u200D'.repeat(60)}b`, '\u00E0\u0300\u0300\u200Db'],
  ['a\ud800b', 'a\ufffdb'],
])('the name %j is seen as %j', (typed, seen) => {
  expect(cleanName(typed)).toBe(seen)
})

test('whatever is typed, a name has no characters that are not seen, and is the same when it is cleaned again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (typed) => {
      const name = cleanName(typed)
      if (name === null) return
      expect(name).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u)
      expect(cleanName(name)).toBe(name)
    }),
  )
})

test('a second one of the same name gets a number, whatever its case', () => {
  expect(unlike('Ada', new Set())).toBe('Ada')
  expect(unlike('ADA', new Set(['ada']))).toBe('ADA (2)')
  expect(unlike('Ada', new Set(['ada', 'ada (2)']))).toBe('Ada (3)')
  expect(unlike('A\u200Dda', new Set(['ada']))).toBe('A\u200Dda (2)')
})
