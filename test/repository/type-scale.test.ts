import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const WEB = join(import.meta.dirname, '../../web')
/** Declares the sizes. */
const SCALE = 'ui/tokens.css'

/** Sizes in px, in the long form and in the shorthand. Points are for paper, and em is relative to a size of the scale. */
const LITERAL_SIZE = /\bfont(?:-size)?:[^;{}]*\d(?:px|rem)\b[^;{}]*/g

const files = globSync('**/*.{svelte,css}', { cwd: WEB }).filter((file) => file !== SCALE)

function literalSizes(css: string): string[] {
  return css.match(LITERAL_SIZE) ?? []
}

test('every font size is one of the type scale', () => {
  expect(files.length).toBeGreaterThan(50)
  const found = files.flatMap((file) =>
    literalSizes(readFileSync(join(WEB, file), 'utf8')).map((declaration) => `${file}: ${declaration}`),
  )
  expect(found).toEqual([])
})

test('a literal size is found in any of its forms, and paper keeps its points', () => {
  expect(
    literalSizes('a { font-size: 13px; } b { font: 500 12px/1.4 var(--mono); } c { font-size: clamp(1em, 2vw, 9px) }'),
  ).toEqual(['font-size: 13px', 'font: 500 12px/1.4 var(--mono)', 'font-size: clamp(1em, 2vw, 9px) '])
  expect(literalSizes('a { font-size: 8pt; } b { font-size: var(--text-m); } c { line-height: 18px }')).toEqual([])
})

test('only sizes that the scale has are used', () => {
  const scale = readFileSync(join(WEB, SCALE), 'utf8')
  const sizes = [...scale.matchAll(/^ {2}(--(?:text|space)-[\w-]+):/gm)].map(([, name]) => name)
  const used = files.flatMap((file) => readFileSync(join(WEB, file), 'utf8').match(/--(?:text|space)-[\w-]+/g) ?? [])
  expect(used.filter((name) => !sizes.includes(name))).toEqual([])
  expect(sizes.filter((name) => !used.includes(name ?? '') && name?.startsWith('--text'))).toEqual([])
})
