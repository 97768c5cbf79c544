import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withOptionTable } from '../../scripts/option-table.ts'
import { type Option, OPTIONS } from '../../server/config/options.ts'

const options = Object.values<Option>(OPTIONS)
const read = (file: string): string => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')

test('docs/options.md has the table of the options as they are (npm run docs:options writes it)', () => {
  const page = read('docs/options.md')
  expect(page).toBe(withOptionTable(page, options))
  for (const { flag } of options) expect(page).toContain(`| \`--${flag}\``)
})
