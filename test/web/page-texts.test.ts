import { expect, test } from 'vitest'
import { SHORTCUTS } from '../../web/app/shortcuts.ts'
import { parseFilter } from '../../shared/filter/filter.ts'
import { TERM_STARTS } from '../../shared/filter/terms.ts'
import { messages } from '../../web/text/messages.ts'
import { inlineCode, prose } from '../support/markdown.ts'

const pages = import.meta.glob<string>(['../../*.md', '../../docs/*.md', '../../bench/*.md', '!../../README.ru.md'], {
  query: '?raw',
  import: 'default',
  eager: true,
})
const readPage = (path: string): string => pages[`../../${path}`] ?? ''

/** Every text of the page that has no parameters. */
function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

/** Words in italics that are explained there and are not texts of the page. */
const EXPLAINED = new Set(['italics', 'client’s', "client's", 'Reader', 'Page'])

test('what a page of the documentation sets in italics is a text of the page', () => {
  const onPage = new Set(texts(messages))
  const named = Object.entries(pages).flatMap(([page, text]) =>
    [...prose(text).matchAll(/(?<![\w`])_([^_`\n]+)_(?!\w)/g)].map(([, text = '']) => ({ page, text })),
  )
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter(({ text }) => !onPage.has(text) && !EXPLAINED.has(text))).toEqual([])
})

test('docs/api.md has every term of the filter, and each is one', () => {
  const rows = [...readPage('docs/api.md').matchAll(/^\| `([a-z]+[:=<>][^`]+)`/gm)].map(([, term = '']) => term)
  expect(rows.flatMap((term) => parseFilter(term).misread)).toEqual([])
  const starts = new Set(rows.map((term) => /^[a-z]+[:=<>]/.exec(term)?.[0]))
  expect(TERM_STARTS.filter((start) => !starts.has(start) && !start.endsWith('<'))).toEqual([])
})

test('the help of the filter has every term, and each is one', () => {
  const rows = Object.values(messages.list.filterHelp.rows).map(([term = '']) => term)
  expect(rows.flatMap((term) => parseFilter(term).misread)).toEqual([])
  const starts = new Set(rows.map((term) => /^[a-z]+[:=<>]/.exec(term)?.[0]))
  expect(TERM_STARTS.filter((start) => !starts.has(start) && !start.endsWith('<'))).toEqual([])
})

test('every key that the documentation names is a shortcut', () => {
  const keys = new Set<string>(SHORTCUTS.flatMap(({ keys: each }) => each))
  const named = ['README.md', 'docs/using.md', 'docs/classroom.md', 'docs/accessibility.md'].flatMap((page) =>
    inlineCode(readPage(page)).filter((code) => /^[a-z?]$/.test(code)),
  )
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((key) => !keys.has(key))).toEqual([])
})
