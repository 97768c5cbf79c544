import { expect, test } from 'vitest'
import { localLinks, readPage } from '../support/docs.ts'
import { prose } from '../support/markdown.ts'

const english = readPage('README.md')
const russian = readPage('README.ru.md')

/** Code blocks, without the comments after #, which are in the page's language. */
function blocks(text: string): string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, code = '']) =>
    language === 'sh' ? code.replaceAll(/ +#.*$/gm, '') : code,
  )
}

const levels = (text: string) => [...prose(text).matchAll(/^#+(?= )/gm)].map(([marks]) => marks)
const points = (text: string) => [...prose(text).matchAll(/^- /gm)].length
/** Inline code such as commands, fields and paths, which must be the same in both languages. */
const codes = (text: string) => [...new Set([...prose(text).matchAll(/`([^`]+)`/g)].map(([, code]) => code))].toSorted()
/** Links to files and sections, except the links between the two READMEs. */
const targets = (page: string) =>
  localLinks(page)
    .filter(({ file }) => !file.startsWith('README'))
    .map(({ file, anchor }) => `${file} ${anchor}`)

test('both READMEs have the same commands and examples, in the same order', () => {
  expect(blocks(english).length).toBeGreaterThan(5)
  expect(blocks(russian)).toEqual(blocks(english))
})

test('both have the same sections, and lists of the same length', () => {
  expect(levels(english).length).toBeGreaterThan(3)
  expect(levels(russian)).toEqual(levels(english))
  expect(points(russian)).toBe(points(english))
})

test('both have the same links and pictures, in the same order', () => {
  expect(targets('README.md').length).toBeGreaterThan(10)
  expect(targets('README.ru.md')).toEqual(targets('README.md'))
})

test('what is set as code in the one is in the other', () => {
  expect(codes(english).length).toBeGreaterThan(3)
  expect(codes(russian)).toEqual(codes(english))
})

test('each leads to the other', () => {
  expect(english.slice(0, 100)).toContain('(README.ru.md)')
  expect(russian.slice(0, 100)).toContain('(README.md)')
})

test.each([
  ['README.md', english],
  ['README.ru.md', russian],
])('%s is short: at most 130 lines, none over 140 characters', (_, text) => {
  const lines = text.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(130)
  expect(lines.filter((line) => line.length > 140)).toEqual([])
})
