import { setTimeout as sleep } from 'node:timers/promises'
import { ClientProcess } from '../client-process.ts'
import { Inspector } from '../inspector.ts'
import { residentBytes } from '../processes.ts'
import { openReader } from '../reader.ts'
import { type Outcome, rounded, type Row, thousands } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { percentile } from '../stats.ts'
import type { ServerFrame } from '../../shared/stream.ts'

const BUDGET_MIB = 2
const PER_SECOND = 3_000
const COUNT = 24_000
const IN_FLIGHT = 16
const RESYNC_MS = 5_000
const MIB = 1024 * 1024

export const stuckReader: Row = {
  name: 'stuck-reader',
  what: 'one dashboard that never reads: growth of the control process, effect on another reader',
  budget: `<= ${BUDGET_MIB} MiB, none`,
  measure,
}

interface Run {
  /** Bytes in use after the traffic, less those before. */
  growth: number
  /** Resident bytes at the end. */
  resident: number
  /** Milliseconds from a connection's accept to the other reader. */
  delays: number[]
  /** What had been sent to the reader that never read, and what to the other. */
  stuckBytes: number
  otherBytes: number
}

async function measure(): Promise<Outcome> {
  const without = await run(false)
  const withOne = await run(true)
  const growth = (withOne.growth - without.growth) / MIB
  const [before, after] = [percentile(without.delays, 99), percentile(withOne.delays, 99)]
  return {
    measured: `${rounded(growth)} MiB; accept to the other reader p99 ${rounded(before, 0)} -> ${rounded(after, 0)} ms`,
    // Both runs share the machine with others: a tenth, or one batch of facts, is no effect.
    pass: growth <= BUDGET_MIB && after <= Math.max(before * 1.1, before + 25),
    details: [
      `${thousands(COUNT)} connections, ${thousands(PER_SECOND)} a second; p50 ${rounded(percentile(without.delays, 50), 0)} -> ${rounded(percentile(withOne.delays, 50), 0)} ms`,
      `in use after garbage collection (heapUsed + external, through the inspector): ${size(without.growth)} more after the traffic without it, ${size(withOne.growth)} with it; resident at the end ${size(without.resident)} and ${size(withOne.resident)}`,
      `the other reader was sent ${size(withOne.otherBytes)}, the one that never reads ${size(withOne.stuckBytes)} (up to its new snapshot's first part)`,
    ],
  }
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
  // The table keeps 10,000 closed connections: filled first, it grows no more.
  const traffic = (): Promise<number> =>
    client.run('echoRate', { port, count: COUNT, inFlight: IN_FLIGHT, perSecond: PER_SECOND })
  await traffic()
  const resynced = Promise.withResolvers<void>()
  const stuck = withStuck ? stack.use(await openReader(url, (frame) => isResync(frame) && resynced.resolve())) : null
  stuck?.pause()
  const stuckBefore = stuck?.bytes() ?? 0
  delays.length = 0
  const [before, bytesBefore] = [await inspector.memoryInUse(), other.bytes()]
  await traffic()
  const after = await inspector.memoryInUse()
  const otherBytes = other.bytes() - bytesBefore
  const resident = residentBytes(pids.control)
  const seen = [...delays]
  if (stuck === null) return { growth: after - before, resident, delays: seen, stuckBytes: 0, otherBytes }
  // That it did not read is seen by what it gets when it does: the little that was on its way, then the table anew.
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
