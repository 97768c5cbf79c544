import { expect, test } from 'vitest'
import { pluralIn } from '../../shared/language.ts'

test('every number gets the plural form of the language', () => {
  const russian = pluralIn('ru')
  const sockets = (count: number) => russian(count, { one: 'сокет', few: 'сокета', many: 'сокетов' })
  expect([0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111, 112, 1_000, 1_001, 65_533].map(sockets)).toEqual(
    'сокетов сокет сокета сокета сокетов сокетов сокетов сокетов сокет сокета сокетов сокет сокетов сокетов сокетов сокет сокета'.split(
      ' ',
    ),
  )
  const english = pluralIn('en')
  const words = { one: 'socket', other: 'sockets' }
  expect([0, 1, 2, 21, 101, 1_001].map((count) => english(count, words))).toEqual([
    'sockets',
    'socket',
    ...Array.from({ length: 4 }, () => 'sockets'),
  ])
})

test('looking the form up gives what Unicode says', () => {
  const forms = { one: 'one', few: 'few', many: 'many', other: 'other' }
  const counts = [...Array(2_500).keys(), 10_001, 65_535, 1_000_000, 1_000_021, 2 ** 31]
  for (const language of ['en', 'ru'] as const) {
    const plural = pluralIn(language)
    const rules = new Intl.PluralRules(language)
    expect(counts.filter((count) => plural(count, forms) !== rules.select(count))).toEqual([])
  }
})
