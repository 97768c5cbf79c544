import { expect, test } from 'vitest'
import { COLUMNS, readSort, writeSort } from '../../../web/list/columns.ts'
import { addressOf, followAddress } from '../../../web/list/list-address.ts'
import { ListState } from '../../../web/list/list.svelte.ts'
import { ShownRows } from '../../../web/live/shown-rows.svelte.ts'
import { Table } from '../../../web/live/table.ts'
import { AddressBar } from '../../../web/nav/address-bar.svelte.ts'
import { NOW } from '../live/rows.ts'
import { Still } from '../../../web/ui/still.svelte.ts'

/** A page opened at this address, and what its browser goes to. */
function open(search: string) {
  const location = { href: `http://localhost:3000/${search}` }
  const bar = new AddressBar({ location, history: { pushState: () => {}, replaceState: () => {} } })
  const shownRows = new ShownRows({ table: new Table(), clock: () => NOW, now: () => NOW })
  const list = new ListState({
    shownRows,
    clock: () => NOW,
    onChange: () => {},
    searchText: () => expect.unreachable(),
    still: new Still(() => false),
  })
  followAddress(list, bar)
  const goTo = (next: string) => {
    location.href = `http://localhost:3000/${next}`
    bar.follow()
  }
  return { bar, list, goTo }
}

test('the list opens as its address says, and follows Back', () => {
  const { list, goTo } = open('?q=port:1&show=closed&sort=bytesIn')
  expect(addressOf(list)).toEqual({ filter: 'port:1', show: 'closed', sort: 'bytesIn' })
  expect(list.sort).toEqual({ column: 'bytesIn', descending: false })
  goTo('?show=live')
  expect(addressOf(list)).toEqual({ filter: '', show: 'live', sort: null })
  expect(list.sort).toEqual({ column: 'problem', descending: true })
})

test('of a filter that is too long, the address has enough to be read as too long', () => {
  const { list } = open('')
  list.setFilter('x'.repeat(10_000))
  expect(list.typed.fault).toBe('too-long')
  const { filter } = addressOf(list)
  expect(open(`?q=${filter}`).list.typed.fault).toBe('too-long')
  expect(filter.length).toBeLessThan(2_100)
})

test('two pages with different addresses do not disturb each other', () => {
  const [one, other] = [open('?q=state:open'), open('?q=state:closed&show=closed')]
  one.list.setFilter('port:5')
  expect(addressOf(other.list)).toEqual({ filter: 'state:closed', show: 'closed', sort: null })
})

test('a column that does not exist is said to be none, and the list is ordered as usual', () => {
  const { bar, list } = open('?sort=-colour')
  expect(bar.at.unread).toEqual(['sort=-colour'])
  expect(list.sort).toEqual({ column: 'problem', descending: true })
})

test('every order is read as it was written', () => {
  for (const { id } of COLUMNS) {
    for (const descending of [true, false]) {
      const sort = { column: id, descending }
      expect(readSort(writeSort(sort) ?? '-problem')).toEqual(sort)
    }
  }
})
