import { expect, test } from 'vitest'
import { keyActions } from '../../../web/app/key-actions.ts'
import { ListState } from '../../../web/list/list.svelte.ts'
import { Picks } from '../../../web/list/picks.svelte.ts'
import { ShownRows } from '../../../web/live/shown-rows.svelte.ts'
import { Table } from '../../../web/live/table.ts'
import { AddressBar } from '../../../web/nav/address-bar.svelte.ts'
import { Selection } from '../../../web/nav/selection.svelte.ts'
import { connection, COUNTERS, NOW } from '../live/rows.ts'
import { Still } from '../../../web/ui/still.svelte.ts'

type Area = NonNullable<ReturnType<Parameters<typeof keyActions>[0]['area']>>

/** The page with a list of connections 1 to 3, and a log of what the keys have reached. */
function page({ lists = true, readOnly = false } = {}) {
  const did: unknown[] = []
  const bar = new AddressBar({
    location: { href: 'http://localhost:3000/' },
    history: { pushState: () => {}, replaceState: () => {} },
  })
  const table = new Table(3)
  const shownRows = new ShownRows({ table, clock: () => NOW, now: () => NOW })
  const list = new ListState({
    shownRows,
    clock: () => NOW,
    onChange: () => {},
    searchText: () => expect.unreachable(),
    still: new Still(() => false),
  })
  table.observe(list)
  const changes = [1, 2, 3].map((id) => ({ kind: 'accept' as const, connection: connection(id) }))
  table.applyChanges({ type: 'changes', seq: 0, changes, counters: COUNTERS }, NOW)
  list.flush()
  const picks = new Picks(table, list)
  const selection = new Selection(bar)
  const area: Partial<Area> = { listsConnections: () => lists }
  const actions = keyActions({
    ...{ bar, selection, list, picks, shownRows },
    server: { readOnly },
    connector: { connect: async () => void did.push('connect') },
    area: () => area as Area,
    project: (on) => bar.adjust({ projector: on }),
    lookUp: ({ id }) => did.push(`look up ${id}`),
    showMine: () => {},
    classroom: { namesHidden: false },
    showShortcuts: () => {},
    showPalette: () => {},
  })
  return { actions, bar, selection, list, picks, did }
}

test('Esc leaves one thing after the other: the projector, the panel, the selected rows, the filter', () => {
  const { actions, bar, selection, list, picks } = page()
  list.setFilter('state:open')
  picks.toggle(2)
  selection.show(1)
  actions.toggleProjector()
  const left = () => [!bar.at.projector, selection.side === null, picks.count().picked === 0, list.filter === '']
  expect(left()).toEqual([false, false, false, false])
  expect([actions.leave(), left()]).toEqual([true, [true, false, false, false]])
  expect([actions.leave(), left()]).toEqual([true, [true, true, false, false]])
  expect([actions.leave(), left()]).toEqual([true, [true, true, true, false]])
  expect([actions.leave(), left()]).toEqual([true, [true, true, true, true]])
  expect(actions.leave()).toBe(false)
})

test('the key for the bytes opens them, and turns back to the facts', () => {
  const { actions, selection } = page()
  actions.showBytes()
  expect(selection.side).toBeNull()
  selection.moveTo(2)
  actions.showBytes()
  expect([selection.id, selection.side, selection.tab]).toEqual([2, 'connection', 'bytes'])
  actions.showBytes()
  expect([selection.side, selection.tab]).toEqual(['connection', 'facts'])
})

test('rows are selected only where they are on screen', () => {
  const listed = page()
  listed.selection.moveTo(2)
  listed.actions.pick()
  expect(listed.picks.rows().map(({ id }) => id)).toEqual([2])
  listed.actions.pickListed()
  expect(listed.picks.count().picked).toBe(3)

  const elsewhere = page({ lists: false })
  elsewhere.selection.moveTo(2)
  elsewhere.actions.pick()
  elsewhere.actions.pickListed()
  expect(elsewhere.picks.count().picked).toBe(0)
})

test('the key of a side closes it again', () => {
  const { actions, selection } = page()
  actions.showSide('kernel')
  expect(selection.side).toBe('kernel')
  actions.showSide('kernel')
  expect(selection.side).toBeNull()
})

test('a lookup begins with the connection under the cursor, or without one', () => {
  const { actions, selection, did } = page()
  actions.lookUp()
  expect([selection.side, did]).toEqual(['lookup', []])
  selection.moveTo(3)
  actions.lookUp()
  expect(did).toEqual(['look up 3'])
})

test('a page that may only look opens no client', () => {
  const writing = page()
  writing.actions.connect()
  expect(writing.did).toEqual(['connect'])
  const reading = page({ readOnly: true })
  reading.actions.connect()
  expect(reading.did).toEqual([])
})
