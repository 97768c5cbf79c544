import { beforeEach, expect, test } from 'vitest'
import { ClientOrder, type ClientColumn, troublesIn, worstOf } from '../../../web/clients/client-order.ts'
import type { AddressGroup } from '../../../web/clients/groups.ts'
import type { Problem, ProblemCode } from '../../../shared/diagnosis.ts'
import { NOW, row } from '../live/rows.ts'

const problem = (code: ProblemCode): Problem => ({ code, severity: 'warning', since: NOW, evidence: {} })

function group(address: string, live: number, fields: Partial<AddressGroup> = {}): AddressGroup {
  const rows = new Set(Array.from({ length: live }, (_, id) => row(id)))
  return {
    address,
    rows,
    sick: new Set(),
    half: 0,
    all: live,
    bytesIn: 0,
    bytesOut: 0,
    lastAt: 0,
    revision: 0,
    ...fields,
  }
}

let order: ClientOrder
let all: Map<string, AddressGroup>

beforeEach(() => {
  order = new ClientOrder()
  all = new Map()
})

function have(...groups: AddressGroup[]): void {
  for (const one of groups) all.set(one.address, one)
}

function listed(column: ClientColumn, descending: boolean): string[] {
  order.sort = { column, descending }
  order.arrange(all, false)
  return order.groups.map(({ address }) => address)
}

test('the client with the worst problem comes first, then the one with most connections', () => {
  const worst = new Set([row(1, { problem: problem('unread') }), row(2, { problem: problem('peer-not-reading') })])
  have(group('10.0.0.1', 1), group('10.0.0.2', 3), group('10.0.0.3', 2, { sick: worst }))
  expect(worstOf(group('', 2, { sick: worst }))?.code).toBe('peer-not-reading')
  expect(listed('problem', true)).toEqual(['10.0.0.3', '10.0.0.2', '10.0.0.1'])
})

test('addresses are ordered as numbers', () => {
  have(group('10.0.0.10', 1), group('10.0.0.9', 1), group('::1', 1))
  expect(listed('address', false)).toEqual(['10.0.0.9', '10.0.0.10', '::1'])
})

test('any column can order the clients, both ways', () => {
  have(group('a', 1, { bytesIn: 5, all: 9 }), group('b', 2, { bytesIn: 7, all: 2 }))
  expect(listed('bytesIn', true)).toEqual(['b', 'a'])
  expect(listed('bytesIn', false)).toEqual(['a', 'b'])
  expect(listed('closed', true)).toEqual(['a', 'b'])
})

test('while they are held, none moves, leaves or comes; newcomers are counted', () => {
  have(group('a', 1), group('b', 2))
  expect(listed('live', true)).toEqual(['b', 'a'])
  have(group('a', 5), group('c', 9))
  all.delete('b')
  order.arrange(all, true)
  expect([order.groups.map(({ address }) => address), order.waiting]).toEqual([['b', 'a'], 2])
  order.arrange(all, false)
  expect([order.groups.map(({ address }) => address), order.waiting]).toEqual([['c', 'a'], 0])
})

test('an address that the server names for a problem of the port is below sick connections and above healthy ones', () => {
  const problems = [
    { code: 'accept-queue-full', evidence: { connections: 512, limit: 511 } },
    { code: 'reconnecting', evidence: { connections: 12, address: '10.0.0.3' } },
  ] as const
  order.troubles = troublesIn(problems)
  expect([...order.troubles]).toEqual([['10.0.0.3', 'reconnecting']])
  const sick = group('10.0.0.2', 1, { sick: new Set([row(1, { problem: problem('unread') })]) })
  order.arrange(new Map([group('10.0.0.1', 9), sick, group('10.0.0.3', 0)].map((one) => [one.address, one])), false)
  expect(order.groups.map(({ address }) => address)).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.1'])
})
