import type { Repaint } from '../live/repaint.ts'
import type { ShownRows } from '../live/shown-rows.svelte.ts'
import type { Table } from '../live/table.ts'
import { AddressGroups } from './groups.ts'

/** Faster numbers are unreadable. */
const EVERY_MS = 250

interface Source {
  table: Table
  shownRows: Pick<ShownRows, 'frozenAt'>
  repaint: Repaint
}

/**
 * Groups the connections by client address for as long as a component shows them. While the page is paused, the
 * groups stay as they are.
 * @param onStep called at most four times a second, if a group has changed
 * @returns a function that stops it
 */
export function watchGroups({ table, shownRows, repaint }: Source, onStep: (groups: AddressGroups) => void) {
  const groups = new AddressGroups(table)
  const forget = table.observe(groups)
  let at = -Infinity
  let timer: ReturnType<typeof setTimeout> | undefined
  const step = () => {
    timer = undefined
    if (shownRows.frozenAt !== null) return
    at = performance.now()
    if (groups.step()) onStep(groups)
  }
  step()
  const unfollow = repaint.on(() => (timer ??= setTimeout(step, Math.max(0, at + EVERY_MS - performance.now()))))
  return () => {
    forget()
    unfollow()
    clearTimeout(timer)
  }
}
