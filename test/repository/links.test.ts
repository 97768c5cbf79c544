import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localLinks, PAGES, readPage, ROOT } from '../support/docs.ts'
import { anchors } from '../support/markdown.ts'

const links = PAGES.flatMap((page) => localLinks(page))

test('the pages link to one another', () => {
  expect(links.length).toBeGreaterThan(50)
  const linked = new Set(links.map(({ file }) => file))
  expect(PAGES.filter((page) => !linked.has(page) && page !== 'CHANGELOG.md' && page !== 'docs/README.md')).toEqual([])
})

test('every link leads to a file of the repository', () => {
  expect(links.filter(({ file }) => !existsSync(join(ROOT, file)))).toEqual([])
})

test('every link to a section leads to a heading', () => {
  const broken = links.filter(
    ({ file, anchor }) => anchor !== null && !(file.endsWith('.md') && anchors(readPage(file)).includes(anchor)),
  )
  expect(broken).toEqual([])
})

test('every picture in docs/ is on some page', () => {
  const linked = new Set(links.map(({ file }) => file))
  const pictures = readdirSync(join(ROOT, 'docs')).filter((name) => /\.(png|gif)$/.test(name))
  expect(pictures.length).toBeGreaterThan(3)
  expect(pictures.filter((name) => !linked.has(join('docs', name)))).toEqual([])
})

test('the moving picture is under 2 MB', () => {
  expect(statSync(join(ROOT, 'docs/oneport.gif')).size).toBeLessThan(2_000_000)
})
