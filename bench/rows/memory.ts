import { setTimeout as sleep } from 'node:timers/promises'
import { ClientProcess } from '../client-process.ts'
import { residentBytes } from '../processes.ts'
import { openReader } from '../reader.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { type Server, startBare, startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { median } from '../stats.ts'

const BUDGET = 1.6
const COUNT = 10_000
const ROUNDS = 3
/** By then, malloc has returned what only the arrivals needed (heap-trim.ts). */
const SETTLE_MS = 5_000
const MIB = 1024 * 1024

export const memory: Row = {
  name: 'memory',
  what: 'memory per idle connection, all processes / bare',
  budget: `<= ${BUDGET}`,
  measure,
}

/** Resident bytes of each process without and with the connections. */
type Sizes = Record<string, { before: number; after: number }>

async function measure(): Promise<Measurement> {
  const bare: Sizes[] = []
  const oneport: Sizes[] = []
  const withReader: Sizes[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await sizes(() => startBare('data')))
    oneport.push(await sizes(() => startOneport()))
    withReader.push(await sizes(startWithReader))
  }
  const ratios = ratiosOf(oneport, bare)
  return {
    measured: `${rounded(median(ratios))} (${rounded(median(ratiosOf(withReader, bare)))} with a reader of /ws)`,
    pass: median(ratios) <= BUDGET,
    details: [
      `${thousands(COUNT)} connections, greeting on; bare ${figures(bare)}; oneport ${figures(oneport)}; with a reader while they came ${figures(withReader)}`,
    ],
  }
}

function ratiosOf(sizes: Sizes[], bare: Sizes[]): number[] {
  return sizes.map((of, i) => perConnection(of) / perConnection(bare[i] ?? {}))
}

async function startWithReader(): Promise<Server> {
  const server = await startOneport()
  const reader = await openReader(server.url)
  return { ...server, stop: () => reader.stop().then(() => server.stop()) }
}

/** Starts new processes each time, because a process seldom returns memory to the system. */
async function sizes(start: () => Promise<Server>): Promise<Sizes> {
  await using stack = new Stack()
  const { port, pids } = stack.use(await start())
  const client = stack.use(new ClientProcess())
  await sleep(SETTLE_MS)
  const before = Object.entries(pids).map(([what, pid]) => [what, pid, residentBytes(pid)] as const)
  await client.run('hold', { port, count: COUNT })
  await sleep(SETTLE_MS)
  return Object.fromEntries(before.map(([what, pid, bytes]) => [what, { before: bytes, after: residentBytes(pid) }]))
}

function perConnection(sizes: Sizes): number {
  return Object.values(sizes).reduce((sum, { before, after }) => sum + after - before, 0) / COUNT
}

function figures(all: Sizes[]): string {
  const whole = Object.keys(all[0] ?? {}).map((what) => {
    const [before, after] = (['before', 'after'] as const).map((when) => median(all.map((of) => of[what]?.[when] ?? 0)))
    return `${what} ${rounded((before ?? 0) / MIB, 0)} -> ${rounded((after ?? 0) / MIB, 0)} MiB`
  })
  return `${rounded(median(all.map(perConnection)) / 1024, 1)} KiB a connection (${whole.join(', ')})`
}
