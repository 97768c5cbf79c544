import { describe, expect, test } from 'vitest'
import { CATALOGUES } from '../../../web/text/catalogues.ts'
import { en } from '../../../web/text/en/catalogue.ts'
import { missingTexts } from '../../../web/text/fallback.ts'
import { ru } from '../../../web/text/ru/catalogue.ts'

/** Texts that are the same in every language: names of programs, fields, protocols and keys. */
const SAME: readonly RegExp[] = [
  /^(⚠ )?(\(\d+\) )?oneport( :\d+)?$/,
  // Names from ss(8) and /proc.
  /^(inode|fd|TIME_WAIT|CLOSE_WAIT)( \d+)?$/,
  /^(RTT|keepalive|Recv-Q|Send-Q)$/,
  /^(SYN|FIN|RST|TIME_WAIT|FIN_WAIT|LF|CRLF|CSV|JSON|Hex|Inode)$/,
  // Calls, and actions of experiments that are named after calls.
  /^(close\(2\)|shutdown\(2\)|close\(\)|shutdown\(SHUT_WR\))$/,
  // Examples of input.
  /^(48 65 6c 6c 6f 0d 0a|50000)$/,
  // Terms of the filter.
  /^(-?[a-z]+[:=>]\S.*|"closed by client")$/,
  // Keys as printed on a keyboard.
  /^(Enter|Esc|Ctrl\+A|[a-z?/]|j k ↓ ↑|Shift\+↓ Shift\+↑)$/,
  // Languages are named in their own language.
  /^English$/,
]

/** Arguments for functions that take something other than numbers. */
const EVIDENCE = { port: '8080', sockets: '7', ports: '4' }
const SAMPLES: Record<string, readonly unknown[]> = {
  'lesson.steps.first.belief.right': [EVIDENCE],
  'lesson.steps.conclusion.belief.right': [EVIDENCE],
  'lesson.steps.exhausted.belief.right': [{ ...EVIDENCE, needed: '11' }],
  'act.confirm.heading': ['half', 5, '5'],
  'act.confirm.go': ['reset', '5'],
  'picture.summary': [
    {
      port: 8080,
      live: '5',
      count: 5,
      addresses: '3',
      addressCount: 3,
      waiting: '0',
      half: '0',
      stopped: '0',
      attention: '3 need attention',
      timeWait: '0',
    },
  ],
}
/** This task is done by looking, so it has no button. */
const EMPTY = ['lesson.steps.listening.tasks.look.button']
const NUMBERS = ['0', '1', '2', '5', '11', '21', '1000']

/** Every text with its path. A function gives one text for each sample of arguments. */
function textsOf(value: unknown, path = ''): [path: string, text: unknown][] {
  if (value === null) return []
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, path === '' ? key : `${path}.${key}`))
  }
  if (typeof value !== 'function') return [[path, value]]
  const samples = SAMPLES[path] ? [SAMPLES[path]] : NUMBERS.map((number) => [number, number, number, number])
  return samples.map((args) => [path, Reflect.apply(value, undefined, args)])
}

/** Every text with its path; functions are not called. */
function leavesOf(value: object, path = ''): [path: string, leaf: unknown][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const here = path === '' ? key : `${path}.${key}`
    return typeof inner === 'object' && inner !== null ? leavesOf(inner, here) : [[here, inner] as const]
  })
}

test('the samples and exceptions of these tests belong to texts that exist', () => {
  const paths = new Set(leavesOf(en).map(([path]) => path))
  expect([...Object.keys(SAMPLES), ...EMPTY].filter((path) => !paths.has(path))).toEqual([])
})

describe.each([
  ['en', en],
  ['ru', ru],
])('%s', (_, catalogue) => {
  test('every text reads as a sentence: no gap, no value that is not there', () => {
    const texts = textsOf(catalogue).filter(([path]) => !EMPTY.includes(path))
    expect(texts.length).toBeGreaterThan(500)
    for (const [path, text] of texts) {
      expect(text, path).toBeTypeOf('string')
      expect(String(text).trim(), path).not.toBe('')
      expect(text, path).not.toMatch(/undefined|null|NaN|\[object|\s\s|\s[.,;:!?](?!\d)/)
    }
  })
})

test('a text that Russian lacks is listed here and shown in English; it does not fail the tests', () => {
  const missing = missingTexts(en, ru)
  // eslint-disable-next-line no-console -- the list is the point of this test
  if (missing.length > 0) console.warn(`Missing in Russian: ${missing.join(', ')}`)
  expect(missingTexts(en, CATALOGUES.ru)).toEqual([])
})

test('Russian has no text that English lacks, and none of another kind', () => {
  const english = new Map(leavesOf(en))
  for (const [path, text] of leavesOf(ru)) {
    expect(english.has(path), `${path} is only in Russian`).toBe(true)
    expect(typeof text, path).toBe(typeof english.get(path))
  }
})

test('no Russian text takes more values than the English one is given', () => {
  const english = new Map(leavesOf(en))
  for (const [path, text] of leavesOf(ru)) {
    if (typeof text !== 'function') continue
    const original = english.get(path)
    expect(typeof original === 'function' && text.length <= original.length, path).toBe(true)
  }
})

test('every Russian text that has letters is in Russian, but for what has one name everywhere', () => {
  const foreign = textsOf(ru).filter(
    ([, text]) => /\p{L}/u.test(String(text)) && !/\p{Script=Cyrillic}/u.test(String(text)),
  )
  const unexplained = foreign.filter(([, text]) => !SAME.some((same) => same.test(String(text))))
  expect(unexplained).toEqual([])
})

test('no English text has a Cyrillic letter, but for the name of the other language', () => {
  const mixed = textsOf(en).filter(([, text]) => /\p{Script=Cyrillic}/u.test(String(text)))
  expect(mixed).toEqual([['app.languages.ru', 'Русский']])
})

test('no Russian word is written with Latin letters that look like its own', () => {
  const mixed = textsOf(ru).filter(([, text]) =>
    /\p{Script=Cyrillic}[a-z]|[a-z]\p{Script=Cyrillic}/iu.test(String(text)),
  )
  expect(mixed).toEqual([])
})

test('Russian texts quote with «ёлочки»', () => {
  const quoted = textsOf(ru).filter(([, text]) => /["“”]\p{Script=Cyrillic}/u.test(String(text)))
  // In these texts the quotes are part of the input.
  expect(quoted.map(([path]) => path)).toEqual(['stream.search.hex', 'stream.search.notHex'])
})
