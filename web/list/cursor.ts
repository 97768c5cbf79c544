import type { Selection } from '../nav/selection.svelte.ts'
import type { ListState } from './list.svelte.ts'

/** Moves the keyboard's cursor by this many rows. @returns the row's place in the list, or null if the list is empty */
export function moveCursor(list: ListState, selection: Selection, by: number): number | null {
  const from = placeOf(list, selection)
  const index = from === -1 ? 0 : Math.min(list.view.length - 1, Math.max(0, from + by))
  return moveTo(list, selection, index)
}

/** Whether the cursor is at the last row. */
export function isAtEnd(list: ListState, selection: Selection): boolean {
  return list.view.length > 0 && placeOf(list, selection) === list.view.length - 1
}

/** Moves the cursor to the last row. @returns its place, or null if the list is empty */
export function moveToEnd(list: ListState, selection: Selection): number | null {
  return moveTo(list, selection, list.view.length - 1)
}

/** Moves the cursor to the next (1) or previous (-1) row with a problem. @returns its place, or null if there is none */
export function moveToProblem(list: ListState, selection: Selection, by: 1 | -1): number | null {
  return moveTo(list, selection, list.view.nextProblem(placeOf(list, selection), by))
}

function placeOf(list: ListState, { id }: Selection): number {
  const row = id === null ? undefined : list.row(id)
  return row ? list.view.indexOf(row) : -1
}

function moveTo({ view }: ListState, selection: Selection, index: number): number | null {
  const row = view.at(index)
  if (!row) return null
  selection.moveTo(row.id)
  return index
}
