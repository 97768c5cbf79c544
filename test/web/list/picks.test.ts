import { beforeEach, describe, expect, test } from 'vitest'
import { Picks } from '../../../web/list/picks.svelte.ts'
import { ListState } from '../../../web/list/list.svelte.ts'
import { ShownRows } from '../../../web/live/shown-rows.svelte.ts'
import { Table } from '../../../web/live/table.ts'
import { UNTOUCHED, connection, COUNTERS, NOW } from '../live/rows.ts'
import { Still } from '../../../web/ui/still.svelte.ts'

let table: Table
let list: ListState
let picks: Picks

function accept(...ids: number[]): void {
  const changes = ids.map((id) => ({ kind: 'accept' as const, connection: connection(id) }))
  table.applyChanges({ type: 'changes', seq: 0, changes, counters: COUNTERS }, NOW)
  list.flush()
}

function end(id: number): void {
  const row = table.get(id)
  if (!row) throw new Error(`no row ${id}`)
  const close = { at: NOW, by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
  const change = { ...row, kind: 'close' as const, id, at: NOW, close }
  table.applyChanges({ type: 'changes', seq: 0, changes: [change], counters: COUNTERS }, NOW)
}

function restart(...ids: number[]): void {
  table.begin(`another ${Math.random()}`)
  const connections = ids.map((id) => connection(id))
  table.applySnapshot({ type: 'snapshot', seq: 0, total: ids.length, connections, last: true, counters: COUNTERS })
}

const picked = () => picks.rows().map(({ id }) => id)

beforeEach(() => {
  table = new Table(3)
  const shownRows = new ShownRows({ table, clock: () => NOW, now: () => NOW })
  list = new ListState({
    shownRows,
    clock: () => NOW,
    onChange: () => {},
    searchText: () => expect.unreachable(),
    still: new Still(() => false),
  })
  table.observe(list)
  picks = new Picks(table, list)
  accept(1, 2, 3, 4, 5, 6)
})

test('a row is picked and let go', () => {
  picks.toggle(2)
  picks.toggle(5)
  expect(picked()).toEqual([2, 5])
  picks.toggle(2)
  expect(picked()).toEqual([5])
  expect([picks.has(2), picks.has(5)]).toEqual([false, true])
})

describe('a range', () => {
  test('goes from the last one picked, and grows and shrinks with its other end', () => {
    picks.toggle(2)
    picks.extendTo(5)
    expect(picked()).toEqual([2, 3, 4, 5])
    picks.extendTo(3)
    expect(picked()).toEqual([2, 3])
    picks.extendTo(1)
    expect(picked()).toEqual([1, 2])
  })

  test('leaves alone what was picked before it', () => {
    picks.toggle(6)
    picks.toggle(1)
    picks.extendTo(3)
    picks.extendTo(2)
    expect(picked()).toEqual([1, 2, 6])
  })

  test('follows the order of the list, not that of the numbers', () => {
    for (const id of [1, 5])
      table.get(id)?.update(NOW, { ...UNTOUCHED, bytesIn: id, bytesOut: 0, chunksIn: 1, chunksOut: 0 })
    list.setSort('bytesIn', true)
    picks.toggle(5)
    picks.extendTo(1)
    expect(picked()).toEqual([1, 5])
  })

  test('begins at the cursor where nothing was picked', () => {
    picks.extendTo(3, 4)
    expect(picked()).toEqual([3, 4])
  })
})

test('survives another order, another filter and new rows', () => {
  picks.toggle(2)
  list.setSort('bytesIn', true)
  list.setFilter('port:50003')
  accept(7)
  expect(picked()).toEqual([2])
  expect(picks.ofListed()).toBe('none')
})

test('all that the list has are those that match the filter', () => {
  list.setFilter('port:50003')
  picks.pickListed()
  expect(picked()).toEqual([3])
  expect(picks.ofListed()).toBe('all')
  list.setFilter('')
  expect(picks.ofListed()).toBe('some')
})

test('one that closes is exported, and no longer a target', () => {
  picks.toggle(1)
  picks.toggle(2)
  end(1)
  expect(picks.count()).toEqual({ picked: 2, live: 1 })
  expect(picks.targets()).toEqual({ ids: [2] })
  expect(picked()).toEqual([1, 2])
})

test('one that the page no longer keeps drops out', () => {
  picks.pickListed()
  for (const id of [1, 2, 3, 4]) end(id)
  expect(picks.count()).toEqual({ picked: 5, live: 2 })
  expect(picked()).not.toContain(1)
})

test('after a restart of the server the same number is another connection’s', () => {
  picks.toggle(1)
  restart(1, 2)
  expect(picks.count()).toEqual({ picked: 0, live: 0 })
  expect(picks.targets()).toEqual({ ids: [] })
})

describe('all live connections', () => {
  beforeEach(() => {
    end(6)
    picks.pickAll()
  })

  test('are meant with those that come later, and asked for as such', () => {
    accept(7)
    expect(picks.count()).toEqual({ picked: 6, live: 6 })
    expect(picks.targets()).toEqual({ all: true })
    expect([picks.has(7), picks.has(6)]).toEqual([true, false])
  })

  test('become those that are there when one of them is taken out', () => {
    picks.toggle(3)
    accept(7)
    expect(picks.targets()).toEqual({ ids: [1, 2, 4, 5] })
  })

  test('are let go of', () => {
    picks.clear()
    expect(picks.count()).toEqual({ picked: 0, live: 0 })
  })
})
