import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import { Hub } from '../../../server/table/hub.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import { SNAPSHOT_CLOSED } from '../../../shared/stream.ts'
import { DashboardReader, EventsReader } from '../../support/sinks.ts'

const FIN = { by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
const CLOSED_KEPT = 10

let table: ConnectionTable
let hub: Hub
let nextId: number

beforeEach(() => {
  table = new ConnectionTable(CLOSED_KEPT)
  hub = new Hub(table)
  nextId = 1
})

function accept(count: number): number[] {
  const ids = Array.from({ length: count }, () => nextId++)
  for (const id of ids) {
    const remote = { address: '127.0.0.1', port: 10_000 + (id % 50_000) }
    table.accept({ id, local: { address: '127.0.0.1', port: 8080 }, remote, pid: 1, fd: 20, openedAt: 1_000 })
  }
  return ids
}

function close(ids: number[]): void {
  for (const id of ids) table.close(id, { at: 2_000, ...FIN })
}

function progress(id: number, bytesIn: number): void {
  const totals = { bytesIn, bytesOut: 0, bytesWaiting: 0, chunksIn: 1, chunksOut: 0 }
  const state = { halfClosedAt: null, finSentAt: null, readingPaused: false, behavior: null, protocol: null }
  table.progress(id, 1_500, { ...totals, ...state })
}

function refuse(count: number): void {
  const endpoint = { address: '127.0.0.1', port: 9 }
  for (let i = 0; i < count; i++) {
    table.refuse({ kind: 'refused', at: 1, local: endpoint, remote: endpoint, why: 'max-connections' })
  }
}

const dashboard = (credits?: number): DashboardReader => new DashboardReader(table).join(hub, credits)
const kinds = (reader: EventsReader): string[] => reader.lines.map(({ kind }) => kind)

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

describe('a dashboard', () => {
  test('gets the live and the newest closed connections at once, then each change with its flush', () => {
    const [first = 0] = accept(2)
    hub.flush()
    const reader = dashboard()
    expect([...reader.held.live.keys()]).toEqual([1, 2])
    progress(first, 7)
    hub.flush()
    expect(reader.held.live.get(first)?.bytesIn).toBe(7)
    close([first])
    hub.flush()
    expect(reader.held.closed.get(first)?.close).toEqual({ at: 2_000, ...FIN })
  })

  test('gets at most the 200 newest closed connections in its snapshot', () => {
    table = new ConnectionTable(1_000)
    hub = new Hub(table)
    close(accept(SNAPSHOT_CLOSED + 50))
    hub.flush()
    expect([...dashboard().held.closed.keys()]).toEqual(Array.from({ length: SNAPSHOT_CLOSED }, (_, i) => i + 51))
  })

  test('that is slow is skipped, later gets the missed changes merged in one frame, and does not delay others', () => {
    const [id = 0] = accept(1)
    hub.flush()
    const [slow, fast] = [dashboard(1), dashboard()]
    for (const bytes of [1, 2, 3]) {
      progress(id, bytes)
      hub.flush()
    }
    expect(fast.parts).toBe(4)
    expect(slow.parts).toBe(1)
    slow.grant(1)
    expect(slow.parts).toBe(2)
    expect(slow.held.live.get(id)?.bytesIn).toBe(3)
  })

  test('that is never ready keeps no closed records in memory', async () => {
    const never = dashboard(0)
    const other = dashboard()
    for (let i = 0; i < 50; i++) {
      close(accept(100))
      hub.flush()
    }
    await turn()
    hub.flush()
    expect(table.all()).toHaveLength(CLOSED_KEPT)
    expect(never.parts).toBe(0)
    expect(other.held.counters?.closed).toBe(5_000)
  })

  test('that stops in the middle of a snapshot keeps at most 2,000 evicted records in memory, then gets a new snapshot', async () => {
    const ids = accept(3_000)
    hub.flush()
    const stuck = dashboard(1)
    close(ids.slice(0, 2_900))
    hub.flush()
    expect(table.all().length).toBeLessThanOrEqual(100 + CLOSED_KEPT + 2_000)
    hub.flush()
    expect(table.all(), 'once it has lost its place nothing is kept for it').toHaveLength(100 + CLOSED_KEPT)
    expect(stuck.held.synced).toBe(false)
    stuck.grant(Infinity)
    await turns(3)
    expect(stuck.held.resyncs).toBe(1)
    expect(stuck.held.live.size).toBe(100)
  })

  test('with a snapshot in parts leaves the event loop free between them and loses no change that comes then', async () => {
    const ids = accept(1_200)
    hub.flush()
    const reader = dashboard()
    expect(reader.parts).toBe(1)
    close(ids.slice(-3))
    const [late = 0] = accept(1)
    hub.flush()
    progress(late, 5)
    hub.flush()
    await turn()
    expect(reader.parts, 'one part a turn').toBe(2)
    expect(reader.held.synced).toBe(false)
    await turns(3)
    expect(reader.held.live.size).toBe(1_198)
    expect(reader.held.live.get(late)?.bytesIn).toBe(5)
    expect([...reader.held.closed.keys()]).toEqual(ids.slice(-3))
  })

  test('far behind gets a new snapshot, marked as such', () => {
    const [kept = 0] = accept(1)
    hub.flush()
    const slow = dashboard(1)
    for (let i = 0; i <= CLOSED_KEPT; i++) {
      close(accept(1))
      hub.flush()
    }
    slow.grant(1)
    expect(slow.held.resyncs).toBe(1)
    expect([...slow.held.live.keys()]).toEqual([kept])
  })

  test('gets other news than connections too, late and once if it is slow', () => {
    const [slow, fast] = [dashboard(1), dashboard()]
    hub.announce('listener')
    hub.announce('kernel')
    hub.announce('listener')
    expect([slow.heard, fast.heard]).toEqual([[], ['listener', 'kernel', 'listener']])
    slow.grant(1)
    expect(slow.heard).toEqual(['listener', 'kernel'])
  })
})

test('readers at one place are sent the same bytes, encoded once', async () => {
  accept(700)
  hub.flush()
  const readers = [dashboard(), dashboard(), dashboard()]
  await turns(2)
  accept(1)
  hub.flush()
  const [a, b, c] = readers.map(({ frames }) => frames)
  expect(a).toHaveLength(3)
  a?.forEach((frame, i) => {
    expect(b?.[i]).toBe(frame)
    expect(c?.[i]).toBe(frame)
  })
})

test('a reader that has left is removed', () => {
  const reader = dashboard()
  expect(hub.readers).toBe(1)
  reader.leave()
  expect(hub.readers).toBe(0)
  accept(1)
  hub.flush()
  expect(reader.held.live.size).toBe(0)
})

describe('a reader of events', () => {
  test('gets only changes after it joined', () => {
    const [old = 0] = accept(1)
    hub.flush()
    const reader = new EventsReader().join(hub)
    progress(old, 1)
    close(accept(1))
    hub.flush()
    refuse(1)
    close([old])
    hub.flush()
    expect(kinds(reader)).toEqual(['data', 'accept', 'close', 'close', 'refused'])
  })

  test('that falls behind gets the number of missed connections, then new events', () => {
    const reader = new EventsReader().join(hub, 0)
    for (let i = 0; i < 30; i++) {
      close(accept(1))
      hub.flush()
    }
    reader.grant(Infinity)
    expect(reader.lines[0]).toEqual({ kind: 'skipped', count: 30 - CLOSED_KEPT })
    expect(reader.ids('close')).toEqual(Array.from({ length: CLOSED_KEPT }, (_, i) => 21 + i))
    accept(1)
    hub.flush()
    expect(kinds(reader).at(-1)).toBe('accept')
  })

  test('is not reported as missing changes that it gets from a frame made for a faster reader', () => {
    const fast = dashboard()
    const slow = new EventsReader().join(hub, 0)
    const ids = accept(CLOSED_KEPT + 5)
    close(ids)
    hub.flush()
    slow.grant(Infinity)
    expect(fast.held.closed.size).toBe(ids.length)
    expect(slow.ids('close')).toEqual(ids)
    expect(slow.skippedCount).toBe(0)
  })

  test('that stops in the middle of its parts gets the number of connections and refusals in the remaining ones', async () => {
    const reader = new EventsReader().join(hub, 1)
    const ids = accept(2_200)
    refuse(3)
    hub.flush()
    await turn()
    expect(reader.ids('accept')).toHaveLength(500)
    close(ids)
    hub.flush()
    hub.flush()
    reader.grant(Infinity)
    await turns(2)
    // 1,700 accepts and 3 refusals in skipped parts, then 2,190 closes that are no longer kept.
    expect(reader.skippedCount).toBe(1_700 + 3 + 2_190)
    expect(reader.ids('close')).toEqual(ids.slice(-CLOSED_KEPT))
  })

  test('gets the number of refusals that are no longer kept', () => {
    const reader = new EventsReader().join(hub, 0)
    refuse(2_500)
    hub.flush()
    reader.grant(Infinity)
    const refused = kinds(reader).filter((kind) => kind === 'refused').length
    expect(refused).toBeGreaterThanOrEqual(1_000)
    expect(reader.skippedCount + refused).toBe(2_500)
  })
})
