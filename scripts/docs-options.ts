/** `npm run docs:options`: writes the table in docs/options.md. Run this script after changing an option. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Option, OPTIONS } from '../server/config/options.ts'
import { withOptionTable } from './option-table.ts'

const page = join(import.meta.dirname, '../docs/options.md')
writeFileSync(page, withOptionTable(readFileSync(page, 'utf8'), Object.values<Option>(OPTIONS)))
