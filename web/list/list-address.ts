import { FILTER_MAX } from '../../shared/filter/filter.ts'
import type { AddressBar } from '../nav/address-bar.svelte.ts'
import type { Address } from '../nav/address.ts'
import { PROBLEMS_FIRST, readSort, writeSort } from './columns.ts'
import type { ListState } from './list.svelte.ts'

/** Arranges the list as the address says, now and after each Back or Forward. */
export function followAddress(list: ListState, bar: AddressBar): void {
  const arrange = ({ filter, show, sort, unread }: Address) => {
    const read = sort === null ? PROBLEMS_FIRST : readSort(sort)
    if (read === undefined) bar.adjust({ sort: null, unread: [...unread, `sort=${sort}`] })
    const { column, descending } = read ?? PROBLEMS_FIRST
    if (list.sort.column !== column || list.sort.descending !== descending) list.setSort(column, descending)
    if (list.show !== show) list.setShow(show)
    if (list.filter !== filter) list.setFilter(filter)
  }
  arrange(bar.at)
  bar.onFollow(arrange)
}

/** The list's part of the address. Of a filter that is too long, it has one character more than allowed, as much as is read. */
export function addressOf({ filter, show, sort }: ListState): Pick<Address, 'filter' | 'show' | 'sort'> {
  return { filter: filter.slice(0, FILTER_MAX + 1), show, sort: writeSort(sort) }
}
