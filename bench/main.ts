import { parseArgs } from 'node:util'
import { details, type Result, type Row, table } from './report.ts'
import { acceptToRow } from './rows/accept-to-row.ts'
import { echoRate } from './rows/echo-rate.ts'
import { memory } from './rows/memory.ts'
import { page } from './rows/page.ts'
import { stuckReader } from './rows/stuck-reader.ts'
import { throughput } from './rows/throughput.ts'

// `npm run bench`: measures the rows one after the other, prints the table of budgets, and ends with 0 whatever it says.

const ROWS: Row[] = [echoRate, throughput, memory, acceptToRow, page, stuckReader]

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const wanted = values.only?.split(',') ?? ROWS.map(({ name }) => name)
const unknown = wanted.find((name) => !ROWS.some((row) => row.name === name))
if (unknown !== undefined) {
  console.error(`bench: there is no row ${unknown}; there are ${ROWS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const results: Result[] = []
for (const row of ROWS.filter(({ name }) => wanted.includes(name))) {
  console.error(`${row.name} ...`)
  results.push({ row, outcome: await row.measure().catch((error: unknown) => String(error)) })
}
console.log(`${table(results)}\n\n${details(results)}`)
