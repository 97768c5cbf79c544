import { setTimeout as sleep } from 'node:timers/promises'
import { residentBytes } from '../processes.ts'
import { type Measurement, rounded, type Row } from '../report.ts'
import { type Server, startIdleNode, startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { median } from '../stats.ts'

const BUDGET = 3.8
const ROUNDS = 3
/** By then, V8 and malloc have returned the memory that only the start needed. */
const SETTLE_MS = 5_000
const MIB = 1024 * 1024

export const idleMemory: Row = {
  name: 'idle-memory',
  what: 'resident memory of all processes without a connection / `node -e` with an idle `net` server',
  budget: `<= ${BUDGET}`,
  measure,
}

async function measure(): Promise<Measurement> {
  const bare: Record<string, number>[] = []
  const oneport: Record<string, number>[] = []
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await resident(startIdleNode))
    oneport.push(await resident(() => startOneport()))
  }
  const ratio = median(oneport.map((of, i) => total(of) / total(bare[i] ?? {})))
  return {
    measured: rounded(ratio),
    pass: ratio <= BUDGET,
    details: [`${figures(oneport)}; bare ${figures(bare)}`],
  }
}

/** Resident bytes of each process. */
async function resident(start: () => Promise<Server>): Promise<Record<string, number>> {
  await using stack = new Stack()
  const { pids } = stack.use(await start())
  await sleep(SETTLE_MS)
  return Object.fromEntries(Object.entries(pids).map(([what, pid]) => [what, residentBytes(pid)]))
}

function total(of: Record<string, number>): number {
  return Object.values(of).reduce((sum, bytes) => sum + bytes, 0)
}

function figures(all: Record<string, number>[]): string {
  const parts = Object.keys(all[0] ?? {}).map((what) => `${what} ${mib(all.map((of) => of[what] ?? 0))}`)
  return `${mib(all.map(total))} MiB (${parts.join(', ')})`
}

function mib(bytes: number[]): string {
  return rounded(median(bytes) / MIB, 0)
}
