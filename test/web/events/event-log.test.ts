import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Problem } from '../../../shared/diagnosis.ts'
import type { Change, RefusedChange } from '../../../shared/stream.ts'
import { EventLog } from '../../../web/events/event-log.ts'
import { LINES_KEPT } from '../../../web/events/lines.ts'
import { isReachable, rowsOf } from '../../../web/events/rows.ts'
import { Table } from '../../../web/live/table.ts'
import { LISTENER } from '../live/listener.ts'
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
  log.greet(instance, LISTENER, null)
  table.applySnapshot({ type: 'snapshot', seq: 1, total: 1, connections, last: true, counters: COUNTERS })
}

test('does not tell the past of connections that the page has loaded from the server', () => {
  snapshot('x', [closed(9, NOW + 9)])
  const before = log.lines()
  table.take(table.awaitRecords(), [closed(3, NOW + 3)])
  const { close } = closed(3, NOW + 3, { by: 'server' })
  if (close === null) throw new Error('it has closed')
  apply({ kind: 'evidence', id: 3, close })
  log.replaced()
  expect(table.get(3)?.close?.by).toBe('server')
  expect(log.lines()).toEqual(before)
})

const told = () => log.lines().map(({ event: { kind, row, at } }) => [kind, row?.id ?? null, at - NOW])
const kinds = () => log.lines().map(({ event }) => event.kind)

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
const action = (at: number) => ({
  ...{ kind: 'reset' as const, at: NOW + at, bytes: null, code: null, waiting: null, kernel: null, behavior: null },
})
const refused: RefusedChange = {
  kind: 'refused',
  at: NOW + 40,
  local: { address: '127.0.0.1', port: 8080 },
  remote: { address: '10.0.0.1', port: 4 },
  why: 'behind',
}

test('accepts, FINs, closes, problems, actions and refused clients are events of one log', () => {
  apply(accept(1), accept(2), fin(1, 10))
  apply({ kind: 'problem', id: 2, problem: unread }, refused, { kind: 'problem', id: 2, problem: null })
  apply({ kind: 'action', id: 2, action: action(50) }, close(1, 60))
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
  expect(kinds()).toEqual(['accepted', 'half-closed', 'problem'])
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

/** The server is started again, with a client of its own. */
function startAgain(): void {
  table.begin('y')
  log.greet('y', LISTENER, NOW + 500)
  const connections = [connection(1, { openedAt: NOW + 450 })]
  table.applySnapshot({ type: 'snapshot', seq: 1, total: 1, connections, last: true, counters: COUNTERS })
}

test('a restart of the server is a line between those of its two runs, whatever the clocks say', () => {
  snapshot('x', [connection(1)])
  apply(refused, { kind: 'problem', id: 1, problem: unread })
  apply(close(1, 510))
  startAgain()
  expect(told()).toEqual([
    ['accepted', 1, 1],
    ['problem', 1, 30],
    ['refused', null, 40],
    ['closed', 1, 510],
    ['port', null, 500],
    ['accepted', 1, 450],
  ])
  expect(log.lines()[4]?.event).toMatchObject({ news: { what: 'server-restarted', until: NOW + 900 } })
})

test('the lines before a restart lead nowhere, because another connection has the number', () => {
  snapshot('x', [connection(1)])
  startAgain()
  const reachable = rowsOf(log.lines(), new Set(), null).map((row) => [row.event.at - NOW, isReachable(row)])
  expect(reachable).toEqual([
    [450, true],
    [500, false],
    [1, false],
  ])
})

test('equal events before and after a restart are not folded together', () => {
  const remote = { address: '10.0.0.9', port: 1 }
  snapshot(
    'x',
    [1, 2, 3, 4, 5].map((id) => connection(id, { remote })),
  )
  table.begin('y')
  log.greet('y', LISTENER, NOW + 500)
  table.applySnapshot({
    ...{ type: 'snapshot', seq: 1, total: 1, last: true, counters: COUNTERS },
    connections: [connection(1, { remote, openedAt: NOW + 600 })],
  })
  expect(log.lines().map(({ count }) => count)).toEqual([5, 1, 1])
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

test('what is done to the port is an event, and outlives another snapshot of the same server', () => {
  snapshot('x', [connection(1)])
  log.port({ ...LISTENER, behavior: 'silent' })
  expect(log.lines().at(-1)?.event).toMatchObject({ at: NOW + 900, row: null, news: { behavior: 'silent' } })
  snapshot('x', [connection(1)])
  expect(kinds().slice(0, 2)).toEqual(['accepted', 'port'])
})

test('after a lost link, the log says for how long it had none, and what the records tell of that time', () => {
  snapshot('x', [connection(1), connection(2)])
  log.greet('x', LISTENER, NOW + 100)
  table.begin('x')
  const connections = [closed(1, NOW + 300), connection(2, { actions: [action(200)] })]
  table.applySnapshot({ type: 'snapshot', seq: 2, total: 2, connections, last: true, counters: COUNTERS })
  expect(told().slice(2)).toEqual([
    ['port', null, 100],
    ['action', 2, 200],
    ['closed', 1, 300],
  ])
  expect(log.lines()[2]?.event).toMatchObject({ news: { what: 'gap', until: NOW + 900 } })
})

test('a close that the kernel corrects is one event, with the corrected account', () => {
  apply(accept(1), close(1, 20))
  const corrected = { at: NOW + 20, by: 'peer', how: 'reset', reset: 'peer', code: null, evidence: null } as const
  apply({ kind: 'evidence', id: 1, close: corrected })
  expect(told()).toEqual([
    ['accepted', 1, 1],
    ['closed', 1, 20],
  ])
  expect(log.lines()[1]?.event).toMatchObject({ close: { how: 'reset' } })
})

test('only the newest lines are kept, and what is dropped is counted', () => {
  const many = LINES_KEPT.connections + 500
  for (let id = 1; id <= many; id++)
    apply({ kind: 'accept', connection: connection(id, { openedAt: NOW + id * 2_000 }) })
  expect(log.lines()).toHaveLength(LINES_KEPT.connections)
  expect(log.lines().at(-1)?.event.row?.id).toBe(many)
  expect(log.total).toBe(many)
  expect(log.dropped).toEqual({ connections: 500, findings: 0, port: 0 })
})

describe('no number of connections pushes out', () => {
  beforeEach(() => snapshot('x', [connection(1)]))

  test('what concerns the port, even if each has its own address and a problem', () => {
    log.port({ ...LISTENER, behavior: 'silent' })
    for (let id = 2; id < LINES_KEPT.connections + 2_001; id++) {
      const remote = { address: `10.0.${id >> 8}.${id & 255}`, port: id }
      apply({ kind: 'accept', connection: connection(id, { remote, problem: { ...unread, since: NOW + id } }) })
    }
    expect(kinds()).toContain('port')
    expect(log.dropped).toEqual({ connections: 2_000, findings: 6_499, port: 0 })
  })

  test('problems and what was done by hand', () => {
    apply({ kind: 'problem', id: 1, problem: unread }, { kind: 'action', id: 1, action: action(50) })
    for (let id = 2; id < 3_000; id++) apply(accept(id), close(id, id))
    expect(kinds()).toEqual(expect.arrayContaining(['problem', 'action']))
  })

  test('the close of a connection that had a problem, nor its correction by the kernel', () => {
    apply({ kind: 'problem', id: 1, problem: unread }, close(1, 60))
    const corrected = { at: NOW + 60, by: 'peer', how: 'reset', reset: 'peer', code: null, evidence: null } as const
    apply({ kind: 'evidence', id: 1, close: corrected })
    for (let id = 2; id < LINES_KEPT.connections + 100; id++) {
      const remote = { address: `10.0.${id >> 8}.${id & 255}`, port: id }
      apply({ kind: 'accept', connection: connection(id, { remote }) }, close(id, id))
    }
    const closes = log.lines().filter(({ event }) => event.kind === 'closed' && event.row.id === 1)
    expect(closes).toMatchObject([{ event: { close: { how: 'reset' }, problem: 'unread' } }])
  })
})

describe('what was wrong with the port before the page was opened', () => {
  const flood = (address: string, since: number, endedAt: number) => ({
    ...{ code: 'flooding' as const, since: NOW + since, endedAt: NOW + endedAt },
    evidence: { address, connections: 600, lastAt: NOW + endedAt - 5_000 },
  })
  const full = {
    ...{ code: 'accept-queue-full' as const, since: NOW + 50_000, endedAt: NOW + 60_000 },
    evidence: { connections: 9, limit: 8 },
  }
  const pastProblems = [
    flood('10.0.0.9', 0, 20_000),
    flood('10.0.0.8', 9_000, 25_000),
    full,
    flood('10.0.0.7', 90_000, 99_000),
  ]
  const told = () =>
    log.lines().map(({ event }) => (event.kind === 'flood' ? [...event.flood.addresses.keys()] : event.kind))

  test('is in the log, one flood of two addresses as one, and the newest flood above the list until it is dismissed', () => {
    const stored = new Map<string, string>()
    const storage = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, text: string) => stored.set(key, text),
    }
    vi.stubGlobal('localStorage', storage)
    onTestFinished(() => void vi.unstubAllGlobals())
    log.greet('x', { ...LISTENER, pastProblems }, null)
    expect(told()).toEqual([['10.0.0.9', '10.0.0.8'], 'port', 'port', ['10.0.0.7']])
    expect([...(log.pastFlood.current?.addresses.keys() ?? [])]).toEqual(['10.0.0.7'])
    log.pastFlood.dismiss()
    // The page is loaded again.
    log = new EventLog(table, () => NOW + 200_000)
    log.greet('x', { ...LISTENER, pastProblems }, null)
    expect(log.pastFlood.current).toBeNull()
    expect(log.lines()).toHaveLength(4)
  })

  test('belongs to the flood in progress', () => {
    const [first] = pastProblems
    if (first === undefined) throw new Error('none')
    const { endedAt: _, ...current } = flood('10.0.0.8', 9_000, 25_000)
    log.greet('x', { ...LISTENER, pastProblems: [first], problems: [current] }, null)
    expect(told()).toEqual([['10.0.0.9', '10.0.0.8']])
    expect(log.pastFlood.current).toBeNull()
  })

  test('a page that lost its link during the flood logs only the rest', () => {
    log.greet('x', { ...LISTENER, pastProblems: pastProblems.slice(0, 2) }, null)
    log.greet('x', { ...LISTENER, pastProblems }, NOW + 70_000)
    expect(told()).toEqual([['10.0.0.9', '10.0.0.8'], 'port', ['10.0.0.7']])
  })
})

describe('a flood', () => {
  const ADDRESS = '10.0.0.9'
  const remote = (id: number) => ({ address: ADDRESS, port: id })
  /** Accepted and closed at once. @param at milliseconds */
  function come(id: number, at: number): void {
    const openedAt = NOW + at
    apply({ kind: 'accept', connection: connection(id, { remote: remote(id), openedAt }) }, close(id, at + 1))
  }
  const flooding = (evidence: object = {}) => {
    const all = { address: ADDRESS, connections: 600, refused: 20, perSecond: 300, lastAt: NOW + 10_000, ...evidence }
    return { ...LISTENER, problems: [{ code: 'flooding' as const, since: NOW + 4_000, evidence: all }] }
  }
  const lines = () => log.lines().map(({ event, count }) => [event.kind, count])
  const flood = () => log.lines().find(({ event }) => event.kind === 'flood')

  beforeEach(() => snapshot('x', [connection(1)]))

  test('is one line, into which the lines of its connections move that came before it was found', () => {
    come(2, 100)
    for (let id = 3; id < 300; id++) come(id, 4_000 + id)
    apply({ ...refused, at: NOW + 4_500, remote: remote(9_000) })
    expect(lines()).toEqual([
      ['accepted', 1],
      ['accepted', 1],
      ['closed', 1],
      ['accepted', 297],
      ['closed', 297],
      ['refused', 1],
    ])
    log.port(flooding())
    for (let id = 300; id < 400; id++) come(id, 10_000 + id)
    apply(accept(500))
    expect(lines()).toEqual([
      ['accepted', 1],
      ['accepted', 1],
      ['closed', 1],
      ['accepted', 1],
      ['flood', 1 + 2 * 397 + 1],
    ])
    expect(flood()).toMatchObject({ at: NOW + 4_000, event: { flood: { over: null } } })
  })

  test('that grew slowly has no lines beside its own', () => {
    for (let id = 2; id < 100; id++) come(id, id * 50)
    log.port(flooding())
    expect(lines()).toEqual([
      ['accepted', 1],
      ['flood', 1 + 2 * 98],
    ])
  })

  test('ends when the server last counted many, and still gets the closes of its connections', () => {
    apply({ kind: 'accept', connection: connection(2, { remote: remote(2), openedAt: NOW + 5_000 }) })
    log.port(flooding())
    log.port(LISTENER)
    expect(flood()).toMatchObject({ count: 2, event: { flood: { over: { at: NOW + 10_000, seen: true } } } })
    apply(close(2, 90_000))
    expect(flood()?.count).toBe(3)
    come(3, 95_000)
    expect(lines().slice(2)).toEqual([
      ['accepted', 1],
      ['closed', 1],
    ])
  })

  test('has one line on a page opened during the flood, with the connections that the server still keeps', () => {
    log = new EventLog(table, () => NOW + 900)
    table.observe(log)
    log.greet('y', flooding(), null)
    table.begin('y')
    const connections = [1, 2, 3].map((id) => connection(id, { openedAt: NOW + 4_000 + id, remote: remote(id) }))
    table.applySnapshot({ type: 'snapshot', seq: 1, total: 4, connections, last: true, counters: COUNTERS })
    expect(lines()).toEqual([['flood', 4]])
  })

  test('whose end fell into a time without a link was last seen then', () => {
    log.port(flooding())
    log.greet('x', LISTENER, NOW + 11_000)
    expect(flood()).toMatchObject({ event: { flood: { over: { at: NOW + 10_000, seen: false } } } })
  })

  test('that a restart of the server cut off is not going on', () => {
    log.port(flooding())
    startAgain()
    expect(flood()).toMatchObject({ event: { flood: { over: { at: NOW + 10_000, seen: false } } } })
  })

  test('the page shows a notice after the flood, until the notice is dismissed or another flood begins', () => {
    const { pastFlood } = log
    log.port(flooding())
    expect(pastFlood.current).toBeNull()
    log.port(LISTENER)
    expect(pastFlood.current).toMatchObject({ over: { at: NOW + 10_000, seen: true } })
    log.port(flooding({ lastAt: NOW + 60_000 }))
    expect(pastFlood.current).toBeNull()
    log.port(LISTENER)
    expect(pastFlood.current).toMatchObject({ over: { at: NOW + 60_000 } })
    pastFlood.dismiss()
    log.port(LISTENER)
    expect(pastFlood.current).toBeNull()
  })

  test('keeps its problems and what was done to it on lines of their own', () => {
    log.port(flooding())
    come(2, 5_000)
    apply({ kind: 'accept', connection: connection(3, { remote: remote(3), openedAt: NOW + 5_000 }) })
    apply({ kind: 'problem', id: 3, problem: unread }, { kind: 'action', id: 3, action: action(6_000) })
    expect(kinds().toSorted()).toEqual(['accepted', 'action', 'flood', 'problem'])
  })
})
