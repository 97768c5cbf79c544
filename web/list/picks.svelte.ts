/* eslint svelte/prefer-svelte-reactivity: off -- reactive fields are chosen by hand; everything else is plain data */
import { createContext } from 'svelte'
import type { Targets } from '../../shared/action.ts'
import type { ListState } from './list.svelte.ts'
import type { Row } from '../live/row.ts'
import type { Table } from '../live/table.ts'
import { Changes } from '../ui/changes.ts'

/**
 * The connections selected in the list, for bulk actions. They are kept as rows, because after a restart of the
 * server an id belongs to another connection. Closed ones stay selected for the export, but are no targets. Rows that
 * the table no longer keeps are dropped.
 */
export class Picks {
  /** Selection mode on a touch screen: a tap selects a row instead of opening it. */
  choosing = $state(false)
  /** All live connections are selected, including those still to come. */
  all = $state(false)
  #changes = new Changes()
  /** An effect that calls this function runs again when the selection changes. */
  readonly track = this.#changes.track
  readonly #table: Pick<Table, 'get' | 'live'>
  readonly #list: Pick<ListState, 'row' | 'view' | 'track'>
  #rows = new Map<number, Row>()
  /** Where a range begins, and the ids of the last range. */
  #anchor: number | null = null
  #range: number[] = []

  constructor(table: Pick<Table, 'get' | 'live'>, list: Pick<ListState, 'row' | 'view' | 'track'>) {
    this.#table = table
    this.#list = list
  }

  /** Not reactive; effects use `among`. */
  has(id: number): boolean {
    return this.all ? this.#table.live.has(id) : this.#rows.has(id)
  }

  /** The ids of the selected rows among these rows. */
  among(rows: readonly Row[]): ReadonlySet<number> {
    this.track()
    return new Set(rows.map(({ id }) => id).filter((id) => this.has(id)))
  }

  toggle(id: number): void {
    this.#materialize()
    if (!this.#rows.delete(id)) this.#add(id)
    this.#anchor = id
    this.#range = []
    this.#changes.tell()
  }

  /** Selects the rows from the last selected one to this one, in the list's current order. Replaces the previous range. */
  extendTo(id: number, from = id): void {
    this.#materialize()
    const { view } = this.#list
    const place = (id: number) => {
      const row = this.#list.row(id)
      return row ? view.indexOf(row) : -1
    }
    const end = place(id)
    if (end === -1) return
    for (const ranged of this.#range) this.#rows.delete(ranged)
    this.#anchor ??= from
    let start = place(this.#anchor)
    if (start === -1) {
      this.#anchor = from
      start = place(from)
      if (start === -1) start = end
    }
    this.#range = []
    for (let index = Math.min(start, end); index <= Math.max(start, end); index++) {
      const row = view.at(index)
      if (row === undefined) continue
      if (row.id !== this.#anchor) this.#range.push(row.id)
      this.#add(row.id)
    }
    this.#changes.tell()
  }

  /** Selects every row of the list, that is, those that match the filter. */
  pickListed(): void {
    this.all = false
    const { view } = this.#list
    for (let index = 0; index < view.length; index++) {
      const row = view.at(index)
      if (row) this.#add(row.id)
    }
    this.#range = []
    this.#changes.tell()
  }

  /** Selects all live connections, including those that arrive before the action. */
  pickAll(): void {
    this.clear()
    this.all = true
  }

  clear(): void {
    this.#rows.clear()
    this.all = false
    this.#anchor = null
    this.#range = []
    this.#changes.tell()
  }

  /** Clears the selection and ends selection mode. */
  leave(): void {
    this.choosing = false
    this.clear()
  }

  /** How many rows are selected, and how many of these are live. Drops rows that the table no longer keeps. */
  count(): { picked: number; live: number } {
    this.track()
    if (this.all) return { picked: this.#table.live.size, live: this.#table.live.size }
    let live = 0
    for (const [id, row] of this.#rows) {
      if (this.#table.get(id) !== row) this.#rows.delete(id)
      else if (row.live) live++
    }
    return { picked: this.#rows.size, live }
  }

  /** Whether all, some or none of the list's rows are selected. */
  ofListed(): 'all' | 'some' | 'none' {
    this.track()
    this.#list.track()
    const { view } = this.#list
    if (!this.all && this.#rows.size === 0) return 'none'
    let picked = 0
    for (let index = 0; index < view.length; index++) {
      if (this.has(view.at(index)?.id ?? -1)) picked++
      if (picked > 0 && picked <= index) return 'some'
    }
    return picked === 0 ? 'none' : 'all'
  }

  /** The selected connections that are live. */
  targets(): Targets {
    return this.all ? { all: true } : { ids: this.rows().flatMap((row) => (row.live ? [row.id] : [])) }
  }

  /** The selected rows, ordered by id. */
  rows(): Row[] {
    const rows = this.all ? [...this.#table.live.values()] : [...this.#rows.values()]
    return rows.sort((a, b) => a.id - b.id)
  }

  /** Replaces "all live connections" by the current ones, so that one of them can be deselected. */
  #materialize(): void {
    if (!this.all) return
    this.all = false
    for (const [id, row] of this.#table.live) this.#rows.set(id, row)
  }

  #add(id: number): void {
    // A paused list shows copies, and may have rows that the table no longer keeps.
    const row = this.#table.get(id)
    if (row) this.#rows.set(id, row)
  }
}

export const [getPicks, setPicks] = createContext<Picks>()
