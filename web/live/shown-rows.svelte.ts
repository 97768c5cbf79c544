/* eslint svelte/prefer-svelte-reactivity: off -- reactive fields are chosen by hand; everything else is plain data */
import { createContext } from 'svelte'
import type { Row } from './row.ts'
import type { Table } from './table.ts'

export interface ShownRowsOptions {
  table: Pick<Table, 'rows' | 'get' | 'changes' | 'notKept'>
  /** The server's clock in Unix milliseconds. */
  clock: () => number
  /** The same clock, but reactive and updated once a second. */
  now: () => number
}

/** The rows that the page shows: the live table's, or the copies made when the page was paused. */
export class ShownRows {
  /** The server's clock when the page was paused; null while it is not paused. */
  frozenAt = $state<number | null>(null)
  changesSinceFreeze = $state(0)
  /** How many connections there were when the page was paused; null while it is not paused. */
  frozenCounts = $state.raw<{ live: number; closed: number; notKept: number; attention: number } | null>(null)
  #options: ShownRowsOptions
  #frozen: Map<number, Row> | null = null
  #changesAtFreeze = 0
  #toggled = new Set<() => void>()

  constructor(options: ShownRowsOptions) {
    this.#options = options
  }

  /** The time as of which the rows are shown, in Unix milliseconds. */
  get at(): number {
    return this.frozenAt ?? this.#options.now()
  }

  row(id: number): Row | undefined {
    return this.#frozen ? this.#frozen.get(id) : this.#options.table.get(id)
  }

  rows(): Iterable<Row> {
    return this.#frozen ? this.#frozen.values() : this.#options.table.rows()
  }

  /** Calls back after the page was paused or resumed, that is, when all rows have been exchanged. */
  onToggle(callback: () => void): void {
    this.#toggled.add(callback)
  }

  toggleFreeze(): void {
    if (this.#frozen === null) this.#freeze()
    else {
      this.#frozen = null
      this.frozenAt = null
      this.frozenCounts = null
    }
    for (const callback of this.#toggled) callback()
  }

  /** Resumes: the rows are of a run of the server that is over. */
  forget(): void {
    if (this.#frozen !== null) this.toggleFreeze()
  }

  /** Called once per repaint. */
  flush(): void {
    if (this.#frozen) this.changesSinceFreeze = this.#options.table.changes - this.#changesAtFreeze
  }

  /** Copies the rows, so that a paused page can be scrolled, sorted and filtered while the table changes. */
  #freeze(): void {
    const { table, clock } = this.#options
    const frozen = new Map<number, Row>()
    let live = 0
    let attention = 0
    for (const row of table.rows()) {
      frozen.set(row.id, row.frozen())
      if (row.live) live++
      if (row.problem !== null) attention++
    }
    this.#frozen = frozen
    this.frozenCounts = { live, closed: frozen.size - live, notKept: table.notKept, attention }
    this.#changesAtFreeze = table.changes
    this.changesSinceFreeze = 0
    this.frozenAt = clock()
  }
}

export const [getShownRows, setShownRows] = createContext<ShownRows>()
