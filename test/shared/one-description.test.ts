import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MOST = 12

/** The product's files with their contents, by path. */
const files = new Map(
  ['server', 'web', 'shared'].flatMap((folder) =>
    readdirSync(ROOT + folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|svelte|css)$/.test(entry.name))
      .map((entry) => `${entry.parentPath}/${entry.name}`)
      .filter((path) => !path.includes('/dist/'))
      .map((path) => [path.slice(ROOT.length), readFileSync(path, 'utf8')] as const),
  ),
)

test.for(['finSentAt', 'readingPaused', 'halfClosedAt', 'chunksOut'])(
  `a field of a connection is named in at most ${MOST} files: %s`,
  (field) => {
    const naming = [...files].filter(([, text]) => text.includes(field)).map(([path]) => path)
    expect(naming).toContain('shared/schema/connection.ts')
    expect(naming.length, naming.join('\n')).toBeLessThanOrEqual(MOST)
  },
)

test('the page and the listener process import only types from the schemas, which would load TypeBox', () => {
  const imports = /^\s*(?:import|export)\s+(?!type\b)[^'"]*?from\s+'[^']*(?:schema\/|typebox)[^']*'/m
  const inPage = (path: string) =>
    path.startsWith('web/') || path.startsWith('server/listener/') || /^shared\/[^/]+$/.test(path)
  const paying = [...files].filter(([path, text]) => inPage(path) && imports.test(text)).map(([path]) => path)
  expect(paying).toEqual([])
})
