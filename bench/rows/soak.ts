import { ClientProcess } from '../client-process.ts'
import { residentBytes } from '../processes.ts'
import { openReader } from '../reader.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'

const CONNECTIONS = 1_000
const PER_SECOND = 600
/** By then, the processes have reached their usual size. */
const WARM_UP_S = 30
const SECONDS = 120
/** Shorter than the time limit of a command. */
const STEP_S = 30
const BUDGET_MIB = 32
const MIB = 1024 * 1024

export const soak: Row = {
  name: 'soak',
  what: `${thousands(CONNECTIONS)} connections, ${PER_SECOND} changes a second, one reader: growth of all processes from ${WARM_UP_S} s to ${SECONDS} s`,
  budget: `<= ${BUDGET_MIB} MiB`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const { port, url, pids } = stack.use(await startOneport())
  const client = stack.use(new ClientProcess())
  stack.use(await openReader(url))
  await client.run('hold', { port, count: CONNECTIONS })
  const sizes: { control: number; listener: number }[] = []
  for (let second = 0; second < SECONDS; second += STEP_S) {
    await client.run('change', { port, perSecond: PER_SECOND, ms: STEP_S * 1000 })
    sizes.push({ control: residentBytes(pids.control), listener: residentBytes(pids.listener) })
  }
  const [first, last] = [sizes[WARM_UP_S / STEP_S - 1], sizes.at(-1)]
  if (first === undefined || last === undefined) throw new Error('nothing was measured')
  const growth = (last.control + last.listener - first.control - first.listener) / MIB
  const list = (of: 'control' | 'listener'): string => sizes.map((size) => rounded(size[of] / MIB, 0)).join(', ')
  return {
    measured: `${rounded(growth, 1)} MiB`,
    pass: growth <= BUDGET_MIB,
    details: [`every ${STEP_S} s: control ${list('control')} MiB, listener ${list('listener')} MiB`],
  }
}
