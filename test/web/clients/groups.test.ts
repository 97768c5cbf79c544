import { expect, test } from 'vitest'
import { AddressGroups } from '../../../web/clients/groups.ts'
import { Table } from '../../../web/live/table.ts'
import { closed, connection, COUNTERS, NOW, UNTOUCHED } from '../live/rows.ts'
import type { Change } from '../../../shared/stream.ts'
import type { Connection } from '../../../shared/connection.ts'

const from = (id: number, last: number, fields: Partial<Connection> = {}) =>
  connection(id, { remote: { address: `10.0.0.${last}`, port: 50_000 + id }, ...fields })

function groupsOf(connections: Connection[], closedKept = 100) {
  const table = new Table(closedKept)
  const groups = new AddressGroups(table)
  table.observe(groups)
  table.begin('x')
  table.applySnapshot({ type: 'snapshot', seq: 1, total: 1, connections, last: true, counters: COUNTERS })
  groups.step()
  const apply = (...changes: Change[]) => {
    table.applyChanges({ type: 'changes', seq: 2, changes, counters: COUNTERS }, NOW)
    return groups.step()
  }
  return { groups, table, apply }
}

const TOTALS = { ...UNTOUCHED, bytesIn: 0, bytesOut: 0, chunksIn: 0, chunksOut: 0 }
const close = (id: number, at: number): Change => {
  const how = { at, by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
  return { kind: 'close', id, at, close: how, lastActivityAt: at, ...TOTALS, bytesIn: 7 }
}

const told = (groups: AddressGroups) =>
  [...groups.all.values()].map(({ address, rows, half, all, bytesIn, bytesOut }) => [
    address,
    rows.size,
    half,
    all,
    bytesIn + bytesOut,
  ])

test('connections stand by their client address, in the order in which the addresses came', () => {
  const { groups, apply } = groupsOf([from(3, 9), from(1, 5, { bytesIn: 10 }), from(2, 7), from(4, 5, { bytesOut: 3 })])
  expect(told(groups)).toEqual([
    ['10.0.0.5', 2, 0, 2, 13],
    ['10.0.0.7', 1, 0, 1, 0],
    ['10.0.0.9', 1, 0, 1, 0],
  ])
  apply({ kind: 'accept', connection: from(5, 5) }, { kind: 'accept', connection: from(6, 1) })
  expect([...groups.all.keys()]).toEqual(['10.0.0.5', '10.0.0.7', '10.0.0.9', '10.0.0.1'])
  expect(groups.all.get('10.0.0.5')?.rows.size).toBe(3)
})

test('bytes, half-closes and closes are counted once, however often a connection changes', () => {
  const { groups, apply } = groupsOf([from(1, 5), from(2, 5)])
  const data = (bytesIn: number, halfClosedAt: number | null): Change => ({
    ...{ kind: 'data', id: 1, at: halfClosedAt ?? NOW + 50, state: halfClosedAt === null ? 'open' : 'half-closed' },
    ...{ ...TOTALS, bytesIn, bytesOut: 1, halfClosedAt },
  })
  apply(data(5, null), data(6, null))
  apply(data(6, NOW + 60))
  apply(data(7, NOW + 60))
  expect(told(groups)).toEqual([['10.0.0.5', 2, 1, 2, 8]])
  expect(groups.all.get('10.0.0.5')?.lastAt).toBe(NOW + 60)
  apply(close(1, NOW + 70))
  expect(told(groups)).toEqual([['10.0.0.5', 1, 0, 2, 7]])
  expect(groups.all.get('10.0.0.5')?.lastAt).toBe(NOW + 70)
  expect(apply()).toBe(false)
})

test('what the page forgets leaves its group, and an address of which nothing is left goes', () => {
  const { groups, apply } = groupsOf([closed(1, NOW), from(2, 5), from(3, 5)], 1)
  apply(close(2, NOW + 1))
  expect(told(groups)).toEqual([['10.0.0.5', 1, 0, 2, 7]])
  apply(close(3, NOW + 2))
  expect(told(groups)).toEqual([['10.0.0.5', 0, 0, 1, 7]])
})

test('after another snapshot the groups are those of its connections', () => {
  const { groups, table } = groupsOf([from(1, 5), from(2, 6)])
  table.begin('another server')
  table.applySnapshot({ type: 'snapshot', seq: 1, total: 1, connections: [from(1, 8)], last: true, counters: COUNTERS })
  groups.step()
  expect(told(groups)).toEqual([['10.0.0.8', 1, 0, 1, 0]])
})

test('clients of unknown address share a group', () => {
  const remote = { address: '0.0.0.0', port: 0 }
  const { groups } = groupsOf([connection(1, { remote }), connection(2, { remote: { address: '::', port: 0 } })])
  expect(told(groups)).toEqual([['', 2, 0, 2, 0]])
})

test('a step costs what has changed, not what there is', () => {
  const { groups, apply } = groupsOf(Array.from({ length: 2_000 }, (_, id) => from(id, id % 200)))
  expect(groups.all.size).toBe(200)
  const before = [...groups.all.values()].map(({ revision }) => revision)
  apply(close(0, NOW + 1), close(1, NOW + 1))
  const changed = [...groups.all.values()].filter(({ revision }, index) => revision !== before[index])
  expect(changed.map(({ address }) => address)).toEqual(['10.0.0.0', '10.0.0.1'])
})

test('who is sick is known while they are, and no longer', () => {
  const { groups, apply } = groupsOf([from(1, 5), from(2, 5)])
  const problem = { code: 'unread', severity: 'warning', since: NOW, evidence: {} } as const
  const sick = () => [...(groups.all.get('10.0.0.5')?.sick ?? [])].map(({ id }) => id)
  apply({ kind: 'problem', id: 1, problem }, { kind: 'problem', id: 2, problem })
  expect(sick()).toEqual([1, 2])
  apply({ kind: 'problem', id: 1, problem: null }, close(2, NOW + 1))
  expect(sick()).toEqual([])
})
