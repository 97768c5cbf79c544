import { setTimeout as sleep } from 'node:timers/promises'
import { ClientProcess } from '../client-process.ts'
import { CommandProcess } from '../command-process.ts'
import type { HeldArrival } from '../load/held.ts'
import { cpuMs } from '../processes.ts'
import { acceptName, type ReaderCommands, type Taken } from '../readers.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { type Oneport, startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { median, percentile } from '../stats.ts'

const CONNECTIONS = 2_000
const DASHBOARDS = 30
const PER_SECOND = 1_000
/** One in five changes is an accept or a close. */
const CHURN = 5
const P99_MS = 100
/** Share of a core that all dashboards together may need more than one dashboard. */
const CPU_SHARE = 0.1
const COUNTS = [0, 1, DASHBOARDS]
const ROUNDS = 2
const WARM_UP_MS = 2_000
const MEASURE_MS = 6_000
const SETTLE_MS = 500

export const dashboards: Row = {
  name: 'dashboards',
  what: `${DASHBOARDS} dashboards on ${thousands(CONNECTIONS)} connections, ${thousands(PER_SECOND)} changes a second (${thousands(PER_SECOND / CHURN)} of them accepts and closes): connect() to the slowest reader; CPU of the control process, ${DASHBOARDS} less 1`,
  budget: `p99 <= ${P99_MS} ms; <= ${CPU_SHARE * 100} % of a core`,
  measure,
}

/** One measurement with a given number of dashboards. */
interface Window {
  /** Shares of a core. */
  cpu: { control: number; listener: number; readers: number }
  /** Bytes per second for each dashboard. */
  bytes: number[]
  changes: number
  /**
   * Milliseconds from each client's connect() until the connection is in the median reader's table, and in the last
   * reader's table.
   */
  middle: number[]
  slowest: number[]
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const server = stack.use(await startOneport())
  const client = stack.use(new ClientProcess())
  const readers = stack.use(new CommandProcess<ReaderCommands>(new URL('../readers.ts', import.meta.url)))
  await client.run('hold', { port: server.port, count: CONNECTIONS })

  const windows = new Map<number, Window[]>(COUNTS.map((count) => [count, []]))
  for (let round = 0; round < ROUNDS; round++) {
    // Reverse the order in every other round, so that other activity on the machine affects all counts alike.
    for (const count of round % 2 === 0 ? COUNTS : COUNTS.toReversed()) {
      windows.get(count)?.push(await observe(server, client, readers, count))
    }
  }
  return outcome(windows)
}

async function observe(
  { port, url, pids }: Oneport,
  client: ClientProcess,
  readers: CommandProcess<ReaderCommands>,
  count: number,
): Promise<Window> {
  await readers.run('open', { url, count })
  await client.run('change', { port, perSecond: PER_SECOND, ms: WARM_UP_MS, churn: CHURN })
  await readers.run('take', {})
  const processes = { ...pids, readers: readers.pid }
  const before = cpuOf(processes)
  const started = performance.now()
  const changes = await client.run('change', { port, perSecond: PER_SECOND, ms: MEASURE_MS, churn: CHURN })
  const ms = performance.now() - started
  const after = cpuOf(processes)
  await sleep(SETTLE_MS)
  const taken = await readers.run('take', {})
  const delays = delaysOf(await client.run('arrivals', {}), taken, count)
  await readers.run('close', {})
  if (new Set(taken.live).size > 1) throw new Error(`the readers' tables differ: ${taken.live.join(', ')} live`)
  const share = (what: keyof Window['cpu']): number => (after[what] - before[what]) / ms
  return {
    cpu: { control: share('control'), listener: share('listener'), readers: share('readers') },
    bytes: taken.bytes.map((bytes) => (bytes / ms) * 1000),
    changes,
    middle: delays.map((of) => median(of)),
    slowest: delays.map((of) => Math.max(...of)),
  }
}

function cpuOf(pids: Record<keyof Window['cpu'], number>): Window['cpu'] {
  return { control: cpuMs(pids.control), listener: cpuMs(pids.listener), readers: cpuMs(pids.readers) }
}

/** For each arrival, the delay to each reader in milliseconds. */
function delaysOf(arrivals: HeldArrival[], { seen }: Taken, count: number): number[][] {
  if (count === 0) return []
  return arrivals.map(({ clientPort, to, at }) => {
    const times = seen[acceptName(clientPort, to)] ?? []
    if (times.length !== count) throw new Error(`${times.length} of ${count} readers were told of an accept`)
    return times.map((time) => time - at)
  })
}

function outcome(windows: Map<number, Window[]>): Measurement {
  const of = (count: number): Window[] => windows.get(count) ?? []
  const share = (count: number, what: keyof Window['cpu']): number => mean(of(count).map(({ cpu }) => cpu[what]))
  const slowest = percentile(
    of(DASHBOARDS).flatMap((window) => window.slowest),
    99,
  )
  const added = share(DASHBOARDS, 'control') - share(1, 'control')
  const bytes = (count: number): number => mean(of(count).flatMap((window) => window.bytes))
  const list = (read: (count: number) => string): string => COUNTS.map(read).join(', ')
  return {
    measured: `p99 ${rounded(slowest, 0)} ms; ${percent(added)} of a core`,
    pass: slowest <= P99_MS && added <= CPU_SHARE,
    details: [
      `with ${COUNTS.join(', ')} dashboards the control process used ${list((count) => percent(share(count, 'control')))} of a core, ${rounded((added / (DASHBOARDS - 1)) * 100, 2)} % for each one after the first; the listener process ${list((count) => percent(share(count, 'listener')))}; the one process that plays all readers ${percent(share(DASHBOARDS, 'readers'))} with ${DASHBOARDS}`,
      `to each dashboard ${thousands(bytes(DASHBOARDS) / 1024)} KiB a second with ${DASHBOARDS} (${thousands(bytes(1) / 1024)} with 1), uncompressed: the server offers no permessage-deflate; ${thousands(mean([...windows.values()].flat().map(({ changes }) => changes)))} changes a second made`,
      `connect() to a reader's table: with 1 ${spread(of(1).flatMap((window) => window.slowest))}; with ${DASHBOARDS} the one in the middle ${spread(of(DASHBOARDS).flatMap((window) => window.middle))}, the slowest of them ${spread(of(DASHBOARDS).flatMap((window) => window.slowest))}`,
    ],
  }
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function percent(share: number): string {
  return `${rounded(share * 100, 1)} %`
}

function spread(delays: number[]): string {
  return `p50 ${rounded(percentile(delays, 50), 0)}, p99 ${rounded(percentile(delays, 99), 0)} ms`
}
