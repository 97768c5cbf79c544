import { setTimeout as sleep } from 'node:timers/promises'
import { ClientProcess } from '../client-process.ts'
import { openDashboard } from '../dashboard.ts'
import { openReader } from '../reader.ts'
import { type Measurement, rounded, type Row } from '../report.ts'
import { startOneport } from '../servers.ts'
import { Stack } from '../stack.ts'
import { percentile } from '../stats.ts'
import type { ServerFrame } from '../../shared/stream.ts'

const P50_MS = 40
const P99_MS = 100
const PER_SECOND = 200
const WARM_UP = 200
const COUNT = 1_000
const SETTLE_MS = 1_000

export const acceptToRow: Row = {
  name: 'accept-to-row',
  what: `accept to row on screen, ${PER_SECOND} connections a second`,
  budget: `p50 <= ${P50_MS} ms, p99 <= ${P99_MS} ms`,
  measure,
}

async function measure(): Promise<Measurement> {
  await using stack = new Stack()
  const server = stack.use(await startOneport())
  const { port, url } = server
  const client = stack.use(new ClientProcess())
  const accepts = new Accepts()
  stack.use(await openReader(url, (frame) => accepts.see(frame)))
  const dashboard = stack.use(await openDashboard(url))
  await client.run('arrive', { port, perSecond: PER_SECOND, count: WARM_UP })
  await sleep(SETTLE_MS)
  const first = accepts.last + 1
  const arrivals = await client.run('arrive', { port, perSecond: PER_SECOND, count: COUNT })
  await sleep(SETTLE_MS)

  const { painted } = await dashboard.probe()
  const toRow: number[] = []
  const toReader: number[] = []
  let pushedPast = 0
  // Newest first, because a burst may push a row off screen before any frame shows it. Such a row counts as shown
  // when a newer one is painted.
  let shownAt = Infinity
  for (const [i, { at, clientPort }] of [...arrivals.entries()].toReversed()) {
    const accept = accepts.byPort.get(clientPort)
    if (accept === undefined || accept.id !== first + i) throw new Error(`connection ${first + i} is not the reader's`)
    const own = painted[accept.id]
    if (own === undefined) pushedPast++
    shownAt = Math.min(shownAt, own ?? Infinity)
    toReader.push(accept.seenAt - at)
    toRow.push(shownAt - at)
  }
  const [p50, p99] = [percentile(toRow, 50), percentile(toRow, 99)]
  return {
    measured: `p50 ${rounded(p50, 0)} ms, p99 ${rounded(p99, 0)} ms`,
    pass: p50 <= P50_MS && p99 <= P99_MS,
    details: [
      `the slowest of ${COUNT} after ${rounded(Math.max(...toRow), 0)} ms; ${pushedPast} were pushed out of sight by newer ones before a frame could show them`,
      `of this, connect() to a reader of /ws: p50 ${rounded(percentile(toReader, 50), 0)} ms, p99 ${rounded(percentile(toReader, 99), 0)} ms; the rest is the page's`,
    ],
  }
}

/** The accepts that a reader next to the page has received, and when. */
class Accepts {
  readonly byPort = new Map<number, { id: number; seenAt: number }>()
  last = 0

  see(frame: ServerFrame): void {
    if (frame.type !== 'changes') return
    const seenAt = performance.timeOrigin + performance.now()
    for (const change of frame.changes) {
      if (change.kind !== 'accept') continue
      this.byPort.set(change.connection.remote.port, { id: change.connection.id, seenAt })
      this.last = change.connection.id
    }
  }
}
