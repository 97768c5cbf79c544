import { afterEach, describe, expect, test } from 'vitest'
import {
  digitGroups,
  formatAge,
  formatByteRate,
  formatBytes,
  formatCount,
  formatDuration,
  formatInterval,
  formatMinutesAgo,
  formatPerSecond,
  formatRoundTrip,
  groupSeparator,
  setFormats,
} from '../../../web/text/format.ts'

afterEach(() => setFormats('en'))

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test.each([
  [0, '0 B'],
  [61, '61 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1234, '1.23 kB'],
  [999_600, '1 MB'],
  [123_456_789, '123 MB'],
  [5e12, '5 TB'],
  [5e15, '5,000 TB'],
])('%d bytes read %j', (value, text) => {
  expect(plain(formatBytes(value))).toBe(text)
})

test.each([
  [0.4, ''],
  [0.6, '1 B/s'],
  [7.6, '8 B/s'],
  [2500, '2.5 kB/s'],
])('%d bytes a second read %j', (value, text) => {
  expect(plain(formatByteRate(value))).toBe(text)
})

test.each([
  [-5, '0s'],
  [999, '0s'],
  [59_999, '59s'],
  [60_000, '1m 0s'],
  [3_599_000, '59m 59s'],
  [7_380_000, '2h 3m'],
  [90_000_000, '1d 1h'],
])('%d ms last %j', (value, text) => {
  expect(plain(formatDuration(value))).toBe(text)
})

test.each([
  [59_999, '59s'],
  [119_999, '1m'],
  [7_380_000, '2h'],
  [90_000_000, '1d'],
])('in a narrow column %d ms last %j', (value, text) => {
  expect(plain(formatAge(value))).toBe(text)
})

test('tells intervals of less than a second in milliseconds', () => {
  expect(plain(formatInterval(25))).toBe('25ms')
  expect(plain(formatInterval(1500))).toBe('1s')
})

test('puts no space that could break a value into two lines', () => {
  for (const language of ['en', 'ru'] as const) {
    setFormats(language)
    const values = [
      formatBytes(61),
      formatDuration(61_000),
      formatDuration(5000),
      formatInterval(25),
      formatRoundTrip(0.03),
    ]
    expect(values.join()).not.toContain(' ')
  }
})

test('gives the digits of a number in the groups in which they are read, and nothing else', () => {
  expect(digitGroups(19_000)).toEqual(['19', '000'])
  expect(Number(digitGroups(1_234_567).join(''))).toBe(1_234_567)
  expect(formatCount(19_000)).toBe('19,000')
})

test('says minutes ago in words', () => {
  expect(plain(formatMinutesAgo(3))).toBe('3 min ago')
})

describe('in Russian', () => {
  test.each([
    [61, '61 Б'],
    [1432, '1,43 кБ'],
    [1400, '1,4 кБ'],
    [999_600, '1 МБ'],
    [5e12, '5 ТБ'],
  ])('%d bytes read %j', (value, text) => {
    setFormats('ru')
    expect(plain(formatBytes(value))).toBe(text)
  })

  test.each([
    [0, '0 с'],
    [12_000, '12 с'],
    [185_000, '3 мин 5 с'],
    [7_380_000, '2 ч 3 мин'],
    [90_000_000, '1 сут 1 ч'],
  ])('%d ms last %j', (value, text) => {
    setFormats('ru')
    expect(plain(formatDuration(value))).toBe(text)
  })

  test('rates in Russian end with a Cyrillic «с»', () => {
    setFormats('ru')
    expect(plain(formatByteRate(2500))).toBe('2,5 кБ/с')
    expect(formatPerSecond(0.5)).toBe('0,5/с')
  })

  test('milliseconds and minutes ago are formatted in Russian', () => {
    setFormats('ru')
    expect(plain(formatInterval(25))).toBe('25 мс')
    expect(plain(formatRoundTrip(0.031))).toBe('0,031 мс')
    expect(plain(formatMinutesAgo(3))).toBe('3 мин назад')
  })

  test('the groups of a large number are parted by a space that does not break', () => {
    setFormats('ru')
    expect(groupSeparator()).toBe('\u00a0')
    expect(formatCount(19_000)).toBe('19\u00a0000')
    expect(digitGroups(19_000)).toEqual(['19', '000'])
  })
})
