/** `npm run docs:options`: writes the table of docs/options.md. Run it after a change of the option table. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Option, OPTIONS } from '../server/config/options.ts'
import { withOptionTable } from './option-table.ts'

const page = join(import.meta.dirname, '../docs/options.md')
writeFileSync(page, withOptionTable(readFileSync(page, 'utf8'), Object.values<Option>(OPTIONS)))
