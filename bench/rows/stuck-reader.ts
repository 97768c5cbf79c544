import { setTimeout as sleep } from 'node:timers/promises'
import { ClientProcess } from '../client-process.ts'
import { Inspector } from '../inspector.ts'
import { residentBytes } from '../processes.ts'
import { openReader } from '../reader.ts'
import { type Measurement, rounded, type Row, thousands } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { median, percentile } from '../stats.ts'
import type { ServerFrame } from '../../shared/stream.ts'

const BUDGET_MIB = 2
const ROUNDS = 3
/** More than the 10,000 closed connections that the table keeps, so the table has its full size. */
const WARM_UP = 15_000
/**
 * The kernel's buffers take 4 MiB of these changes. After that, more than 10,000 closes follow, so the stuck reader's
 * position is no longer in the table.
 */
const COUNT = 24_000
const PER_SECOND = 6_000
const IN_FLIGHT = 16
/** Counts as no effect: at most one batch of the listener process's facts slower than the slowest run without a stuck reader. */
const NOISE_MS = 25
const RESYNC_MS = 5_000
const MIB = 1024 * 1024

export const stuckReader: Row = {
  name: 'stuck-reader',
  what: 'one dashboard that never reads: growth of the control process, effect on another reader',
  budget: `<= ${BUDGET_MIB} MiB, none`,
  measure,
}

interface Run {
  /** Growth of the bytes in use during the traffic. */
  growth: number
  /** Resident bytes at the end. */
  resident: number
  /** Milliseconds from each accept until the other reader has received it. */
  delays: number[]
  /** Bytes sent to the stuck reader, and to the other one. */
  stuckBytes: number
  otherBytes: number
}

async function measure(): Promise<Measurement> {
  const without: Run[] = []
  const withOne: Run[] = []
  for (let round = 0; round < ROUNDS; round++) {
    without.push(await run(false))
    withOne.push(await run(true))
  }
  const growth = (of(withOne, 'growth') - of(without, 'growth')) / MIB
  const delays = [50, 99].map((p) => {
    const before = without.map((run) => percentile(run.delays, p))
    return {
      p,
      before: median(before),
      slowest: Math.max(...before),
      after: median(withOne.map((run) => percentile(run.delays, p))),
    }
  })
  return {
    measured: `${rounded(growth)} MiB; accept to the other reader ${delays.map(({ p, before, after }) => `p${p} ${rounded(before, 0)} -> ${rounded(after, 0)} ms`).join(', ')}`,
    pass: growth <= BUDGET_MIB && delays.every(({ slowest, after }) => after <= slowest + NOISE_MS),
    details: [
      `medians of ${ROUNDS} runs each way, fresh servers; ${thousands(COUNT)} connections, ${thousands(PER_SECOND)} a second`,
      `in use after garbage collection (heapUsed + external, through the inspector): ${size(of(without, 'growth'))} more after the traffic without it, ${size(of(withOne, 'growth'))} with it; resident at the end ${size(of(without, 'resident'))} and ${size(of(withOne, 'resident'))}`,
      `the other reader was sent ${size(of(withOne, 'otherBytes'))}, the one that never reads ${size(of(withOne, 'stuckBytes'))}, which the kernel's buffers hold; when it read again it was given a new snapshot`,
    ],
  }
}

function of(runs: Run[], what: 'growth' | 'resident' | 'otherBytes' | 'stuckBytes'): number {
  return median(runs.map((run) => run[what]))
}

async function run(withStuck: boolean): Promise<Run> {
  await using stack = new Stack()
  const { port, url, pids, inspectorUrl } = stack.use(await startOneport([], { inspect: true }))
  if (inspectorUrl === null) throw new Error('the control process has no inspector')
  const inspector = stack.use(await Inspector.open(inspectorUrl))
  const client = stack.use(new ClientProcess())
  const delays: number[] = []
  const other = stack.use(
    await openReader(url, (frame) => {
      if (frame.type !== 'changes') return
      const now = Date.now()
      for (const change of frame.changes) if (change.kind === 'accept') delays.push(now - change.connection.openedAt)
    }),
  )
  await client.run('echoRate', { port, count: WARM_UP, inFlight: IN_FLIGHT })
  const resynced = Promise.withResolvers<void>()
  const stuck = withStuck ? stack.use(await openReader(url, (frame) => isResync(frame) && resynced.resolve())) : null
  stuck?.pause()
  const stuckBefore = stuck?.bytes() ?? 0
  delays.length = 0
  const [before, bytesBefore] = [await inspector.memoryInUse(), other.bytes()]
  await client.run('echoRate', { port, count: COUNT, inFlight: IN_FLIGHT, perSecond: PER_SECOND })
  const after = await inspector.memoryInUse()
  const otherBytes = other.bytes() - bytesBefore
  const resident = residentBytes(pids.control)
  const seen = [...delays]
  if (stuck === null) return { growth: after - before, resident, delays: seen, stuckBytes: 0, otherBytes }
  // Proves that the reader was stuck: once it reads again, it gets the little that was under way, and then a new
  // snapshot.
  stuck.resume()
  await Promise.race([resynced.promise, sleep(RESYNC_MS).then(() => Promise.reject(new Error('it was never stuck')))])
  return { growth: after - before, resident, delays: seen, stuckBytes: stuck.bytes() - stuckBefore, otherBytes }
}

function isResync(frame: ServerFrame): boolean {
  return frame.type === 'snapshot' && frame.resync === true
}

function size(bytes: number): string {
  return `${rounded(bytes / MIB, 1)} MiB`
}
