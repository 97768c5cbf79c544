import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Action, ACTIONS_KEPT } from '../../../shared/action.ts'
import type { Connection } from '../../../shared/connection.ts'
import type { Change, ChangesFrame, SnapshotFrame } from '../../../shared/stream.ts'
import { Table } from '../../../web/live/table.ts'
import { closed, connection, COUNTERS, facts, NOW, UNTOUCHED } from './rows.ts'

function unfinished(connections: Connection[], fields: Partial<SnapshotFrame> = {}): SnapshotFrame {
  return { type: 'snapshot', seq: 1, total: connections.length, connections, counters: COUNTERS, ...fields }
}

function snapshot(connections: Connection[], fields: Partial<SnapshotFrame> = {}): SnapshotFrame {
  return unfinished(connections, { last: true, ...fields })
}

function changes(...list: Change[]): ChangesFrame {
  return { type: 'changes', seq: 2, changes: list, counters: COUNTERS }
}

function tableOf(...connections: Connection[]): Table {
  const table = new Table()
  table.begin('one')
  table.applySnapshot(snapshot(connections))
  return table
}

const TOTALS = { bytesIn: 5, bytesOut: 61, chunksIn: 1, chunksOut: 2 }
const PROGRESS = { ...TOTALS, ...UNTOUCHED, readingPaused: true, protocol: { name: 'SSH', serverName: null } } as const
const CLOSE = { at: NOW + 9, by: 'peer', how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null } as const

function close(id: number): Change {
  return { kind: 'close', id, at: CLOSE.at, close: CLOSE, lastActivityAt: NOW + 7, ...PROGRESS, halfClosedAt: NOW + 6 }
}

test('shows nothing of a snapshot before its last frame', () => {
  const table = new Table()
  table.begin('one')
  expect(table.applySnapshot(unfinished([connection(1)]))).toBe(false)
  expect(table.live.size).toBe(0)
  expect(table.applySnapshot(snapshot([connection(2)]))).toBe(true)
  expect([...table.live.keys()]).toEqual([1, 2])
})

test('takes running totals as they are, and the state with them', () => {
  const table = tableOf(connection(1))
  table.applyChanges(
    changes({ kind: 'data', id: 1, at: NOW + 5, ...PROGRESS, state: 'half-closed', halfClosedAt: NOW + 4 }),
  )
  expect(table.get(1)).toMatchObject({
    ...PROGRESS,
    state: 'half-closed',
    halfClosedAt: NOW + 4,
    lastActivityAt: NOW + 5,
  })
})

test('keeps a closed connection with how it ended, its descriptor given back', () => {
  const table = tableOf(connection(1))
  table.applyChanges(changes(close(1)))
  expect(table.live.size).toBe(0)
  expect(table.get(1)).toMatchObject({ state: 'closed', close: CLOSE, fd: null, ...TOTALS })
})

test('takes with a close what came since the last frame', () => {
  const table = tableOf(connection(1))
  table.applyChanges(changes(close(1)))
  expect(table.get(1)).toMatchObject({ lastActivityAt: NOW + 7, halfClosedAt: NOW + 6 })
})

test('lets the connections go that closed first when there are too many', () => {
  const removed: number[] = []
  const table = new Table(2)
  table.observe({ changed() {}, removed: (row) => removed.push(row.id), replaced() {} })
  table.begin('one')
  table.applySnapshot(snapshot([1, 2, 3].map((id) => connection(id))))
  for (const id of [2, 1, 3]) table.applyChanges(changes(close(id)))
  expect([...table.closed.keys()]).toEqual([1, 3])
  expect(removed).toEqual([2])
})

test('keeps resets while others that closed in order let go, as long as they are a quarter at most', () => {
  const table = new Table(8)
  table.begin('one')
  table.applySnapshot(snapshot(Array.from({ length: 40 }, (_, n) => connection(n + 1))))
  const totals = { ...UNTOUCHED, bytesIn: 0, bytesOut: 0, chunksIn: 0, chunksOut: 0 }
  const end = (id: number, how: 'fin' | 'reset') => {
    const at = NOW + id
    const { close } = closed(id, at, how === 'fin' ? {} : { how, reset: 'peer' })
    if (close === null) throw new Error('it has closed')
    const frame = changes({ kind: 'close', id, at, close, lastActivityAt: at, ...totals })
    table.applyChanges({ ...frame, counters: { ...COUNTERS, closed: id } })
  }
  for (let id = 1; id <= 30; id++) end(id, id === 2 || id === 4 ? 'reset' : 'fin')
  expect([...table.closed.keys()]).toEqual([2, 4, 25, 26, 27, 28, 29, 30])
  expect(table.notKept).toBe(22)
  for (let id = 31; id <= 40; id++) end(id, 'reset')
  expect([...table.closed.keys()]).toEqual([33, 34, 35, 36, 37, 38, 39, 40])
})

test('keeps what it saw close before a reconnect, which a snapshot no longer holds', () => {
  const table = tableOf(closed(1, NOW), connection(2))
  table.begin('one')
  table.applySnapshot(snapshot([connection(2)]))
  expect(table.get(1)?.state).toBe('closed')
})

test('counts the closed connections that it does not have, whatever the counters know already', () => {
  const table = new Table(2)
  const counted = (closed: number) => ({ counters: { ...COUNTERS, closed } })
  table.begin('one')
  // The counters are ahead of the rows: of 12 closed connections, one is still to come.
  table.applySnapshot(snapshot([closed(1, NOW), connection(2), connection(3)], counted(12)))
  table.applyChanges({ ...changes(close(2)), ...counted(12) })
  expect(table.notKept).toBe(10)
  table.applyChanges({ ...changes(close(3)), ...counted(14) })
  expect([...table.closed.keys()]).toEqual([2, 3])
  expect(table.notKept).toBe(11)
})

test('drops a live connection that a new snapshot does not hold', () => {
  const table = tableOf(connection(1), connection(2))
  table.applySnapshot(snapshot([connection(2)], { resync: true }))
  expect([...table.rows()].map((row) => row.id)).toEqual([2])
})

test('when the server’s clock is set, the times that only this page knows move too', () => {
  const HOUR = 3_600_000
  const kernel = facts({ tcpState: 'ESTABLISHED' })
  const table = tableOf(closed(1, NOW + 9), connection(2, { kernel }))
  table.get(2)?.update(NOW, { ...UNTOUCHED, ...TOTALS })
  const before = table.get(2)
  const [rate, seen, age] = [before?.rate(NOW + 50), before?.sampledStates[0]?.at ?? 0, table.get(1)?.ageMs(NOW)]
  const { openedAt, lastActivityAt } = connection(2)
  const sampledStates = [{ state: 'ESTABLISHED', at: kernel.sampledAt + HOUR }] as const
  const later = connection(2, {
    openedAt: openedAt + HOUR,
    lastActivityAt: lastActivityAt + HOUR,
    kernel,
    sampledStates,
  })
  table.applySnapshot(snapshot([later], { resync: true }))
  expect(table.get(2)).toMatchObject({
    openedAt: openedAt + HOUR,
    sampledStates: [{ state: 'ESTABLISHED', at: seen + HOUR }],
  })
  expect(table.get(2)?.rate(NOW + HOUR + 50)).toBe(rate)
  // The server did not send it again.
  expect(table.get(1)).toMatchObject({
    openedAt: closed(1, NOW + 9).openedAt + HOUR,
    close: { at: (closed(1, NOW + 9).close?.at ?? 0) + HOUR },
  })
  expect(table.get(1)?.ageMs(NOW + HOUR)).toBe(age)
})

test('a resync keeps the row object, and takes over the states that samples found meanwhile', () => {
  const table = tableOf(connection(1, { kernel: facts() }))
  const row = table.get(1)
  table.applyChanges(changes({ kind: 'data', id: 1, at: NOW + 5, ...PROGRESS, state: 'open' }))
  const sampledStates = (['ESTABLISHED', 'FIN_WAIT_2', 'TIME_WAIT'] as const).map((state) => ({ state, at: NOW }))
  const now = connection(1, {
    ...TOTALS,
    sampledStates,
    bytesIn: 9,
    state: 'half-closed',
    halfClosedAt: NOW + 8,
    kernel: facts({ tcpState: 'CLOSE_WAIT', sampledAt: NOW + 10 }),
  })
  table.applySnapshot(snapshot([now], { resync: true }))
  expect(table.get(1)).toBe(row)
  expect(row).toMatchObject({ bytesIn: 9, state: 'half-closed' })
  expect(row?.sampledStates).toEqual(sampledStates)
})

test('of closed connections that a resync leaves out, it no longer says what the kernel has', () => {
  const kernel = facts({ tcpState: 'TIME_WAIT', inode: 0 })
  const table = tableOf({ ...closed(1, NOW), kernel }, { ...closed(2, NOW), kernel, forgottenAt: undefined })
  table.applySnapshot(snapshot([{ ...closed(2, NOW), forgottenAt: NOW + 60_000 }], { resync: true }))
  expect(table.get(1)).toMatchObject({ kernel: null })
  expect(table.get(1)?.forgottenAt).toBeUndefined()
  expect(table.get(2)).toMatchObject({ kernel: null, forgottenAt: NOW + 60_000 })
  table.applySnapshot(snapshot([{ ...closed(2, NOW), kernel }], { resync: true }))
  expect(table.get(2)).toMatchObject({ kernel, forgottenAt: undefined })
})

test('of another server it takes nothing that it has seen of the same number', () => {
  const table = tableOf(connection(1, { kernel: facts() }))
  table.begin('another')
  table.applySnapshot(snapshot([connection(1, { kernel: facts({ tcpState: 'CLOSE_WAIT' }) })]))
  expect(table.get(1)?.sampledStates.map(({ state }) => state)).toEqual(['CLOSE_WAIT'])
})

test('forgets everything of another server, whose ids start again', () => {
  const table = tableOf(closed(1, NOW), connection(2))
  table.begin('another')
  table.applySnapshot(snapshot([connection(1)]))
  expect([...table.rows()].map((row) => [row.id, row.state])).toEqual([[1, 'open']])
})

test('counts the live connections of each remote address', () => {
  const table = tableOf(
    connection(1, { remote: { address: '10.0.0.1', port: 1 } }),
    connection(2, { remote: { address: '10.0.0.1', port: 2 } }),
    connection(3, { remote: { address: '0.0.0.0', port: 0 } }),
  )
  expect([...table.remotes]).toEqual([['10.0.0.1', 2]])
  for (const id of [1, 2, 3]) table.applyChanges(changes(close(id)))
  expect(table.remotes.size).toBe(0)
})

/** The server's side of the model: what a reader should hold after each frame. */
class Server {
  live = new Map<number, Connection>()
  closed: Connection[] = []
  #nextId = 1

  act(kind: 'accept' | 'data' | 'half' | 'close', pick: number): Change | null {
    if (kind === 'accept') {
      const accepted = connection(this.#nextId++)
      this.live.set(accepted.id, accepted)
      return { kind, connection: structuredClone(accepted) }
    }
    const one = [...this.live.values()][pick % Math.max(1, this.live.size)]
    if (!one) return null
    const { id } = one
    if (kind === 'half') {
      one.state = 'half-closed'
      one.halfClosedAt = NOW + pick
    } else {
      one.bytesIn += pick
      one.chunksIn += 1
    }
    const totals = { bytesIn: one.bytesIn, bytesOut: 0, chunksIn: one.chunksIn, chunksOut: 0 }
    if (kind !== 'close') {
      one.lastActivityAt = NOW + pick
      return {
        kind: 'data',
        id,
        at: NOW + pick,
        ...totals,
        ...UNTOUCHED,
        state: one.state,
        halfClosedAt: one.halfClosedAt,
      }
    }
    one.close = { at: NOW + pick, by: 'server', how: 'fin', reset: null, code: null, evidence: null }
    one.state = 'closed'
    one.fd = null
    this.live.delete(id)
    this.closed.push(one)
    const { lastActivityAt, halfClosedAt } = one
    return { kind, id, at: NOW + pick, close: one.close, lastActivityAt, ...UNTOUCHED, halfClosedAt, ...totals }
  }

  snapshot(): Connection[] {
    return structuredClone([...this.live.values(), ...this.closed.slice(-3)])
  }
}

const ACTION = fc.record({
  kind: fc.constantFrom('accept', 'accept', 'data', 'half', 'close', 'resync', 'reconnect'),
  pick: fc.nat(1000),
  /** Changes that one frame holds. */
  flush: fc.boolean(),
})

test('holds exactly the live connections of the server, whatever happens and however it is cut into frames', () => {
  fc.assert(
    fc.property(fc.array(ACTION, { maxLength: 120 }), (actions) => {
      const server = new Server()
      const table = tableOf()
      let waiting: Change[] = []
      const flush = () => {
        table.applyChanges(changes(...waiting))
        waiting = []
      }
      for (const { kind, pick, flush: now } of actions) {
        if (kind === 'resync' || kind === 'reconnect') {
          // A skipped or absent reader never gets the changes in between.
          waiting = []
          if (kind === 'reconnect') table.begin('one')
          const all = server.snapshot()
          const cut = pick % (all.length + 1)
          table.applySnapshot(unfinished(all.slice(0, cut), kind === 'resync' ? { resync: true } : {}))
          table.applySnapshot(snapshot(all.slice(cut)))
        } else {
          const change = server.act(kind, pick)
          if (change) waiting.push(change)
          if (now) flush()
        }
      }
      flush()
      const held = [...table.live.values()].map((row) => ({ ...row, revision: 0 }))
      const expected = [...server.live.values()].map((one) => expect.objectContaining({ ...one }))
      expect(held).toEqual(expected)
      const all = [...table.rows()].map((row) => row.id)
      expect(new Set(all).size).toBe(all.length)
      for (const one of server.closed.slice(-3)) expect(table.closed.get(one.id)).toMatchObject(one)
    }),
  )
})

test('an action is kept with its connection, live or closed, the newest of many', () => {
  const table = tableOf(connection(1))
  const action = (at: number): Action => ({
    at,
    kind: 'send',
    bytes: 2,
    waiting: 0,
    behavior: null,
    code: null,
    kernel: null,
  })
  const first = action(1)
  table.applyChanges(changes({ kind: 'action', id: 1, action: first }))
  expect(table.get(1)?.actions).toEqual([first])
  table.applyChanges(changes(close(1)))
  const more = Array.from({ length: ACTIONS_KEPT }, (_, i) => action(2 + i))
  table.applyChanges(changes(...more.map((each): Change => ({ kind: 'action', id: 1, action: each }))))
  expect(table.get(1)?.actions).toEqual(more)
  table.applyChanges(changes({ kind: 'action', id: 99, action: first }))
})
