import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { machine } from './machine.ts'
import { details, inserted, type Result, type Row, table } from './report.ts'
import { acceptToRow } from './rows/accept-to-row.ts'
import { classRoom } from './rows/class.ts'
import { dashboards } from './rows/dashboards.ts'
import { echoRate } from './rows/echo-rate.ts'
import { followed } from './rows/followed.ts'
import { memory } from './rows/memory.ts'
import { million } from './rows/million.ts'
import { page } from './rows/page.ts'
import { pageCost } from './rows/page-cost.ts'
import { idleMemory } from './rows/idle-memory.ts'
import { kernelSample } from './rows/kernel-sample.ts'
import { picture } from './rows/picture.ts'
import { soak } from './rows/soak.ts'
import { start } from './rows/start.ts'
import { stuckReader } from './rows/stuck-reader.ts'
import { throughput } from './rows/throughput.ts'

// `npm run bench`: measures one row after the other and prints the table of budgets. The exit code is 0 even if a
// budget is missed. `-- --only NAME,NAME` measures only these rows; `-- --write` puts the result into README.md.

// The kernel sample goes first, because the other rows leave sockets in TIME_WAIT for a minute, and every sample has
// to walk through them.
const ROWS: Row[] = [
  kernelSample,
  start,
  idleMemory,
  echoRate,
  throughput,
  followed,
  memory,
  acceptToRow,
  page,
  pageCost,
  picture,
  dashboards,
  classRoom,
  stuckReader,
  soak,
]
/** Takes longer than all the others together, so it is measured only when it is named. */
const LONG_ROWS: Row[] = [million]
const ALL_ROWS = [...ROWS, ...LONG_ROWS]
const README = new URL('README.md', import.meta.url)

const { values } = parseArgs({
  options: { only: { type: 'string' }, write: { type: 'boolean', default: false } },
})
const wanted = values.only?.split(',') ?? ROWS.map(({ name }) => name)
const unknown = wanted.find((name) => !ALL_ROWS.some((row) => row.name === name))
if (unknown !== undefined) {
  console.error(`bench: there is no row ${unknown}; there are ${ALL_ROWS.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const started = Date.now()
const loadBefore = loadavg()[0] ?? 0
const results: Result[] = []
for (const row of ALL_ROWS.filter(({ name }) => wanted.includes(name))) {
  console.error(`measuring ${row.name}`)
  results.push({ row, outcome: await row.measure().catch((error: unknown) => String(error)) })
}
const minutes = (Date.now() - started) / 60_000
const heading = `${new Date(started).toISOString().slice(0, 10)}, in ${minutes.toFixed(1)} minutes, on ${machine()}; load average before: ${loadBefore.toFixed(1)}.`
const report = `${heading}\n\n${table(results)}\n\n${details(results)}`
console.log(report)
if (values.write) writeFileSync(README, inserted(readFileSync(README, 'utf8'), report))
