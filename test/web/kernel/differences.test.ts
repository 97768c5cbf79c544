import { describe, expect, test } from 'vitest'
import type { Change } from '../../../shared/stream.ts'
import { columnOf } from '../../../web/list/columns.ts'
import { differences, differing, withoutKernel } from '../../../web/kernel/differences.ts'
import { parseFilter } from '../../../shared/filter/filter.ts'
import { kernelFields, noFacts } from '../../../web/connection/kernel-fields.ts'
import { proofSockets } from '../../../web/connection/proof.ts'
import type { Row } from '../../../web/live/row.ts'
import { sampleAge, STALE_MS } from '../../../web/live/sample.ts'
import { Table } from '../../../web/live/table.ts'
import { COUNTERS, connection, facts, lose, unmatched, NOW, row, sample, UNTOUCHED } from '../live/rows.ts'

function tableWith(...ids: number[]): { table: Table; told: number[]; apply: (...list: Change[]) => void } {
  const told: number[] = []
  const table = new Table()
  table.observe({ changed: (one) => told.push(one.id), removed() {}, replaced() {} })
  const apply = (...list: Change[]) =>
    table.applyChanges({ type: 'changes', seq: 1, changes: list, counters: COUNTERS }, NOW + 5000)
  apply(...ids.map((id): Change => ({ kind: 'accept', connection: connection(id) })))
  told.length = 0
  return { table, told, apply }
}

test('a row takes the kernel’s facts, live or closed, until the kernel has forgotten it or can’t be sampled', () => {
  const { table, apply } = tableWith(1)
  apply({ kind: 'kernel', id: 1, kernel: facts(), sampledStates: [] })
  expect(table.get(1)?.kernel).toMatchObject({ tcpState: 'ESTABLISHED', inode: 513_810 })
  const close = { at: NOW + 9, by: 'server', how: 'fin', reset: null, code: null, evidence: null } as const
  const totals = { bytesIn: 0, bytesOut: 0, chunksIn: 0, chunksOut: 0 }
  apply({ kind: 'close', id: 1, at: NOW + 9, close, lastActivityAt: NOW, ...UNTOUCHED, ...totals })
  apply({ kind: 'kernel', id: 1, kernel: facts({ tcpState: 'TIME_WAIT', inode: 0 }), sampledStates: [] })
  expect(table.get(1)?.kernel?.tcpState).toBe('TIME_WAIT')
  apply({ kind: 'kernel', id: 1, kernel: null })
  expect(table.get(1)).toMatchObject({ kernel: null, forgottenAt: undefined })
  apply({ kind: 'kernel', id: 1, kernel: null, forgottenAt: NOW + 4000 })
  expect(table.get(1)).toMatchObject({ kernel: null, forgottenAt: NOW + 4000 })
  apply({ kind: 'kernel', id: 1, kernel: facts({ tcpState: 'TIME_WAIT', inode: 0 }) })
  expect(table.get(1)?.forgottenAt).toBeUndefined()
})

test('why there are no facts: not sampled yet, not known, or removed by the kernel', () => {
  const one = row(1)
  expect(noFacts(one)).toBe('Not sampled since it was accepted')
  sample(one, facts(), NOW)
  lose(one)
  expect(noFacts(one)).toBe('No kernel data for this connection.')
  one.end({ at: NOW + 9, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  expect(noFacts(one)).toBe('No kernel data for this connection.')
  sample(one, null, NOW + 10)
  expect(noFacts(one)).toBe('The kernel no longer has a socket for this connection.')
})

test('only another TCP state can move a row, and a look at the kernel is no change that a paused list counts', () => {
  const { table, told, apply } = tableWith(1)
  const before = table.changes
  apply({ kind: 'kernel', id: 1, kernel: facts(), sampledStates: [] })
  apply({ kind: 'kernel', id: 1, kernel: facts({ recvQueue: 6 }), sampledStates: [] })
  expect(told).toEqual([1])
  expect(table.changes).toBe(before)
  expect(table.get(1)?.kernel?.recvQueue).toBe(6)
})

test('a row remembers in which states the kernel was seen to have it, each once', () => {
  const one = row(1, { kernel: facts({ sampledAt: NOW + 1 }) })
  sample(one, facts({ sampledAt: NOW + 2 }), NOW + 2)
  sample(one, facts({ tcpState: 'CLOSE_WAIT', sampledAt: NOW + 3 }), NOW + 3)
  expect(one.sampledStates).toEqual([
    { state: 'ESTABLISHED', at: NOW + 1 },
    { state: 'CLOSE_WAIT', at: NOW + 3 },
  ])
  expect(one.frozen().sampledStates).toEqual(one.sampledStates)
})

test('kernel: finds rows by the start of the TCP state, and those that the kernel does not have', () => {
  const rows = [row(1, { kernel: facts() }), row(2, { kernel: facts({ tcpState: 'CLOSE_WAIT' }) }), row(3)]
  const ids = (text: string) => rows.filter((one) => parseFilter(text).matches(one, NOW)).map(({ id }) => id)
  expect(ids('kernel:close_wait')).toEqual([2])
  expect(ids('kernel:EST')).toEqual([1])
  expect(ids('kernel:none')).toEqual([3])
  expect(ids('kernel:nonsense')).toEqual([])
})

test('rows are sorted by the life of a connection, those without a socket last', () => {
  const key = (one: Row) => Number(columnOf('kernel').key(one, NOW))
  const of = (tcpState: 'ESTABLISHED' | 'CLOSE_WAIT' | 'TIME_WAIT') => key(row(1, { kernel: facts({ tcpState }) }))
  expect(of('ESTABLISHED')).toBeLessThan(of('CLOSE_WAIT'))
  expect(of('CLOSE_WAIT')).toBeLessThan(of('TIME_WAIT'))
  expect(of('TIME_WAIT')).toBeLessThan(key(row(2)))
})

describe('the age of the sample', () => {
  const sample = { available: true, sampledAt: NOW }
  test.each([
    [sample, 'live', NOW + STALE_MS, { state: 'fresh', ageMs: STALE_MS }],
    [sample, 'live', NOW + STALE_MS + 1, { state: 'stale', ageMs: STALE_MS + 1 }],
    [sample, 'lost', NOW + 10, { state: 'stale', ageMs: 10 }],
    [sample, 'live', NOW - 10, { state: 'fresh', ageMs: 0 }],
    [{ available: false, sampledAt: null }, 'live', NOW, { state: 'none', ageMs: null }],
    [null, 'live', NOW, { state: 'none', ageMs: null }],
  ])('%j while %s', (kernel, link, now, age) => {
    expect(sampleAge(kernel, link, now)).toEqual(age)
  })
})

test('differences are grouped by reason, and what a client only believes comes first', () => {
  const sockets = [
    unmatched(1, { tcpState: 'TIME_WAIT' }),
    unmatched(2, { tcpState: 'FIN_WAIT_2', connectionId: 7 }),
    unmatched(3),
    unmatched(4, { tcpState: 'CLOSE_WAIT' }),
    unmatched(5, { tcpState: 'LAST_ACK' }),
    unmatched(6, { inode: 9, connectionId: 8 }),
    unmatched(7, { inode: 9 }),
    unmatched(8, { inode: 10, problem: 'handshake-only' }),
  ]
  const groups = differences({ unmatched: sockets }, [row(1)])
  expect(
    groups.map(({ kind, sockets, rows }) => [kind, sockets.map(({ remote }) => remote.port), rows.length]),
  ).toEqual([
    ['handshake-only', [8], 0],
    ['waiting', [3, 4], 0],
    ['just-closed', [6], 0],
    ['fin-wait', [2], 0],
    ['last-ack', [5], 0],
    ['time-wait', [1], 0],
    ['other', [7], 0],
    ['only-server', [], 1],
  ])
})

test('sockets in TIME_WAIT stand in the order in which they end, all others in that of their clients', () => {
  const ending = (port: number, endsAt: number) =>
    unmatched(port, { tcpState: 'TIME_WAIT', timer: { name: 'timewait', endsAt, unanswered: 0 } })
  const sockets = [ending(1, NOW + 9), ending(2, NOW + 3), ending(3, NOW + 6), unmatched(53_001), unmatched(5300)]
  const ports = differences({ unmatched: sockets }, []).map((group) => group.sockets.map(({ remote }) => remote.port))
  expect(ports).toEqual([
    [5300, 53_001],
    [2, 3, 1],
  ])
})

test('what is in TIME_WAIT is nobody’s, and so no difference', () => {
  const agreement = { both: 0, onlyServer: 0, onlyKernel: 6, differing: 0 }
  expect(differing({ agreement, timeWait: 6, handshakeOnly: null })).toEqual({ differ: 0, changing: 0 })
})

test('what just opened or closed is counted apart from what differs', () => {
  const agreement = { both: 3, onlyServer: 77, onlyKernel: 8, differing: 1 }
  expect(differing({ agreement, timeWait: 6, handshakeOnly: 2 })).toEqual({ differ: 3, changing: 78 })
})

test('connections without kernel data are counted, and the first ones listed', () => {
  const rows = [row(1), row(2, { kernel: facts() }), row(3), row(4)]
  const { rows: first, total } = withoutKernel(rows, 2)
  expect([first.map(({ id }) => id), total]).toEqual([[1, 3], 3])
})

test('kernel data is described in words, and unknown values are left out', () => {
  const told = (fields: Parameters<typeof facts>[0]) => Object.fromEntries(kernelFields(facts(fields), NOW))
  expect(
    told({ timer: { name: 'persist', endsAt: NOW + 4000, unanswered: 1 }, sendWindow: 0, sendQueue: 2_100_000 }),
  ).toMatchObject({
    'Send queue': '2.1\u00a0MB not acknowledged by the client yet',
    'Client’s window': '0: closed',
    Timer: 'window probe in 4s',
    'Round-trip time': '0.03\u00a0ms',
    Retransmitted: '0 segments',
  })
  expect(told({ timer: { name: 'persist', endsAt: NOW - 1, unanswered: 1 } })['Timer']).toBe('window probe')
  expect(Object.keys(told({ rttMs: null, retransmits: null, congestionWindow: null }))).not.toContain('Round-trip time')
})

test('the proof names another connection also where the kernel cannot be asked', () => {
  const rows = [row(1), row(2)]
  const [, second] = rows
  if (!second) throw new Error('no row')
  const listener = { state: 'accepting', inode: null, fd: 4, local: { address: '::', port: 8080 } } as const
  expect(proofSockets(listener, second, rows).map(({ inode, fd }) => [inode, fd])).toEqual([
    [null, 4],
    [null, 22],
    [null, 21],
  ])
})

test('the proof: the listening socket, this one, and another that is live', () => {
  const rows = [1, 2, 3].map((id) => row(id, { kernel: facts({ inode: 100 + id }) }))
  const listener = { state: 'accepting', inode: 100, fd: 4, local: { address: '::', port: 8080 } } as const
  const [, second] = rows
  if (!second) throw new Error('no row')
  const proof = proofSockets(listener, second, rows)
  expect(proof.map(({ inode, fd, local }) => [inode, fd, local.port])).toEqual([
    [100, 4, 8080],
    [102, 22, 8080],
    [101, 21, 8080],
  ])
  // While the server shuts down, it is gone.
  expect(proofSockets({ ...listener, state: 'stopping' }, second, rows)).toEqual(proof.slice(1))
})
