import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const english = read('README.md')
const russian = read('README.ru.md')

/** What is typed or printed. What stands behind a # is said in the language of the page; so are the words of a drawing. */
function blocks(text: string): string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
    .map(([, language, code = '']) => (language === 'sh' ? code.replaceAll(/ +#.*$/gm, '') : code))
    .map((code) => (code.includes('│') ? code.replaceAll(/[^│\n]/g, '') : code))
}

/** A table's cells in backticks and numbers: flags, variables, values. */
function tables(text: string): string[] {
  return [...text.matchAll(/^\| .*\|$/gm)].map(([row]) =>
    row
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim().match(/`[^`]+`/g))
      .join(),
  )
}

const levels = (text: string) => [...text.matchAll(/^#+(?= )/gm)].map(([marks]) => marks)
const pictures = (text: string) => [...text.matchAll(/\]\((docs\/[^)]+)\)/g)].map(([, path]) => path)
/** Commands, fields, paths: whatever must be written the same. */
const codes = (text: string) =>
  [...new Set([...text.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)].map(([, code]) => code))].toSorted()

test('both READMEs have the same commands and examples, in the same order', () => {
  expect(blocks(english).length).toBeGreaterThan(15)
  expect(blocks(russian)).toEqual(blocks(english))
})

test('both have the same sections, tables and pictures', () => {
  expect(levels(russian)).toEqual(levels(english))
  expect(tables(russian)).toEqual(tables(english))
  expect(pictures(russian)).toEqual(pictures(english))
})

test('what is set as code in the one is in the other', () => {
  expect(codes(russian)).toEqual(codes(english))
})

test('each leads to the other', () => {
  expect(english.slice(0, 100)).toContain('(README.ru.md)')
  expect(russian.slice(0, 100)).toContain('(README.md)')
})

test.each([
  ['README.md', english],
  ['README.ru.md', russian],
])('every link of %s to one of its own sections has that section', (_, text) => {
  const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
  for (const [, anchor] of text.matchAll(/\]\(#([^)]+)\)/g)) expect(anchors).toContain(anchor)
})
