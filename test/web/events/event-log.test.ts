import { beforeEach, expect, test } from 'vitest'
import type { Problem } from '../../../shared/diagnosis.ts'
import type { Change } from '../../../shared/stream.ts'
import { EVENTS_KEPT, EventLog } from '../../../web/events/event-log.ts'
import { Table } from '../../../web/live/table.ts'
import { closed, connection, COUNTERS, NOW, UNTOUCHED } from '../live/rows.ts'
import type { Connection } from '../../../shared/connection.ts'

let table: Table
let log: EventLog

beforeEach(() => {
  table = new Table()
  log = new EventLog(table, () => NOW + 900)
  table.observe(log)
})

function apply(...changes: Change[]): void {
  table.applyChanges({ type: 'changes', seq: 1, changes, counters: COUNTERS }, NOW)
  log.take(changes)
}

function snapshot(instance: string, connections: Connection[]): void {
  table.begin(instance)
  table.applySnapshot({ type: 'snapshot', seq: 1, total: 1, connections, last: true, counters: COUNTERS })
}

const told = () => log.events.map(({ kind, row, at }) => [kind, row?.id ?? null, at - NOW])

const TOTALS = { ...UNTOUCHED, bytesIn: 0, bytesOut: 0, chunksIn: 0, chunksOut: 0 }
const accept = (id: number): Change => ({ kind: 'accept', connection: connection(id) })
const fin = (id: number, at: number): Change => ({
  ...{ kind: 'data', id, at: NOW + at, state: 'half-closed' },
  ...{ ...TOTALS, halfClosedAt: NOW + at },
})
const close = (id: number, at: number, halfClosedAt: number | null = null): Change => {
  const how = { at: NOW + at, by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
  return { kind: 'close', id, at: NOW + at, close: how, lastActivityAt: NOW + at, ...TOTALS, halfClosedAt }
}
const unread: Problem = { code: 'unread', severity: 'warning', since: NOW + 30, evidence: {} }
const refused: Change = {
  kind: 'refused',
  at: NOW + 40,
  local: { address: '127.0.0.1', port: 8080 },
  remote: { address: '10.0.0.1', port: 4 },
  why: 'behind',
}

test('accepts, FINs, closes, problems, actions and refused clients are events of one log', () => {
  apply(accept(1), accept(2), fin(1, 10))
  apply({ kind: 'problem', id: 2, problem: unread }, refused, { kind: 'problem', id: 2, problem: null })
  const done = {
    kind: 'reset',
    at: NOW + 50,
    bytes: null,
    code: null,
    waiting: null,
    kernel: null,
    behavior: null,
  } as const
  apply({ kind: 'action', id: 2, action: done }, close(1, 60))
  expect(told()).toEqual([
    ['accepted', 1, 1],
    ['accepted', 2, 2],
    ['half-closed', 1, 10],
    ['problem', 2, 30],
    ['refused', null, 40],
    ['action', 2, 50],
    ['closed', 1, 60],
    ['problem-over', 2, 900],
  ])
})

test('each is logged once, however often the connection changes', () => {
  apply(accept(1), fin(1, 10), fin(1, 10), { kind: 'problem', id: 1, problem: unread })
  apply({ kind: 'problem', id: 1, problem: { ...unread, evidence: { recvQueue: 9 } } })
  expect(log.events.map(({ kind }) => kind)).toEqual(['accepted', 'half-closed', 'problem'])
})

test('a FIN that comes with the close is not lost', () => {
  apply(accept(1), close(1, 20, NOW + 10))
  expect(told()).toEqual([
    ['accepted', 1, 1],
    ['half-closed', 1, 10],
    ['closed', 1, 20],
  ])
})

test('a page that is opened later has what the records tell, in the order of time', () => {
  snapshot('x', [closed(1, NOW + 40), connection(2, { problem: unread })])
  expect(told()).toEqual([
    ['accepted', 1, 1],
    ['accepted', 2, 2],
    ['problem', 2, 30],
    ['closed', 1, 40],
  ])
})

test('another snapshot of the same server loses nothing and tells nothing twice', () => {
  snapshot('x', [connection(1), connection(2)])
  apply({ kind: 'problem', id: 1, problem: unread }, refused)
  apply({ kind: 'problem', id: 1, problem: null })
  const before = told().toSorted()
  snapshot('x', [connection(1), connection(2)])
  expect(told().toSorted()).toEqual(before)
})

test('a server that was started again has a log of its own', () => {
  snapshot('x', [connection(1)])
  apply(refused, { kind: 'problem', id: 1, problem: unread })
  snapshot('y', [connection(1)])
  expect(told()).toEqual([['accepted', 1, 1]])
})

test('accepts and closes of one frame are in order of time, whatever the order of the changes', () => {
  apply(accept(1), close(1, 50), accept(2), close(2, 40), accept(3))
  expect(told()).toEqual([
    ['accepted', 1, 1],
    ['accepted', 2, 2],
    ['accepted', 3, 3],
    ['closed', 2, 40],
    ['closed', 1, 50],
  ])
})

test('after the server’s clock was set back, new events still come last', () => {
  apply(accept(1), accept(2), fin(1, 10), close(2, -3_600_000))
  expect(told().at(-1)).toEqual(['closed', 2, -3_600_000])
})

test('a switch of the port’s behavior is an event, if the page saw it', () => {
  snapshot('x', [connection(1)])
  log.port('echo', false)
  log.port('echo', true)
  log.port('silent', true)
  log.port('discard', false)
  expect(log.events.filter(({ kind }) => kind === 'behavior')).toMatchObject([
    { at: NOW + 900, row: null, behavior: 'silent' },
  ])
  snapshot('x', [connection(1)])
  expect(log.events.map(({ kind }) => kind)).toEqual(['accepted', 'behavior'])
  snapshot('y', [connection(1)])
  expect(log.events.map(({ kind }) => kind)).toEqual(['accepted'])
})

test('only the newest are kept', () => {
  for (let id = 1; id <= 3 * EVENTS_KEPT; id++) apply(accept(id))
  expect(log.events).toHaveLength(EVENTS_KEPT)
  expect(log.events.at(-1)?.row?.id).toBe(3 * EVENTS_KEPT)
  expect(log.total).toBe(3 * EVENTS_KEPT)
})
