import type { Selection } from '../nav/selection.svelte.ts'
import type { ListState } from './list.svelte.ts'

/** Moves the keyboard's cursor by this many rows. @returns the row's place in the list, or null if the list is empty */
export function moveCursor(list: ListState, selection: Selection, by: number): number | null {
  const { view } = list
  if (view.length === 0) return null
  const current = selection.id === null ? undefined : list.row(selection.id)
  const from = current ? view.indexOf(current) : -1
  const index = from === -1 ? 0 : Math.min(view.length - 1, Math.max(0, from + by))
  const row = view.at(index)
  if (!row) return null
  selection.moveTo(row.id)
  return index
}
