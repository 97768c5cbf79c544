import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { prose } from './markdown.ts'

export const ROOT = join(import.meta.dirname, '../..')

/** Every page that users and contributors read, as paths from the root. */
export const PAGES = [
  ...['README.md', 'README.ru.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md'],
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

/** Reads a file of the repository. @param path relative to the root */
export function readPage(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export interface Link {
  page: string
  /** A path relative to the root. For a link within the page, the page itself. */
  file: string
  anchor: string | null
}

/** The page's links to files of the repository, including pictures. */
export function localLinks(page: string): Link[] {
  return [...prose(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor = null] = target.split('#')
      const file = path === '' ? page : relative(ROOT, join(ROOT, page, '..', path))
      return { page, file, anchor }
    })
}
