/* eslint svelte/prefer-svelte-reactivity: off -- what is reactive here is chosen, the rest is plain data */
import { createContext } from 'svelte'
import type { Row } from './row.ts'
import type { Table } from './table.ts'

export interface ShownRowsOptions {
  table: Pick<Table, 'rows' | 'get' | 'changes'>
  /** The server's clock, Unix milliseconds. */
  clock: () => number
  /** The same clock, once a second and reactive. */
  now: () => number
}

/** The rows as the page shows them: the table's, or the copies made when the page was paused. */
export class ShownRows {
  /** The server's clock when the page was paused; null while it is not. */
  frozenAt = $state<number | null>(null)
  changesSinceFreeze = $state(0)
  /** The numbers of connections when the page was paused; null while it is not. */
  frozenCounts = $state.raw<{ live: number; closed: number } | null>(null)
  #options: ShownRowsOptions
  #frozen: Map<number, Row> | null = null
  #changesAtFreeze = 0
  #toggled = new Set<() => void>()

  constructor(options: ShownRowsOptions) {
    this.#options = options
  }

  /** The moment that the rows show. */
  get at(): number {
    return this.frozenAt ?? this.#options.now()
  }

  row(id: number): Row | undefined {
    return this.#frozen ? this.#frozen.get(id) : this.#options.table.get(id)
  }

  rows(): Iterable<Row> {
    return this.#frozen ? this.#frozen.values() : this.#options.table.rows()
  }

  /** Calls back when the rows have been replaced by copies, or the copies by the rows. */
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

  /** Once per repaint. */
  flush(): void {
    if (this.#frozen) this.changesSinceFreeze = this.#options.table.changes - this.#changesAtFreeze
  }

  /** Copies, so that a paused page can still be scrolled, sorted and filtered while the table changes. */
  #freeze(): void {
    const { table, clock } = this.#options
    const frozen = new Map<number, Row>()
    let live = 0
    for (const row of table.rows()) {
      frozen.set(row.id, row.frozen())
      if (row.live) live++
    }
    this.#frozen = frozen
    this.frozenCounts = { live, closed: frozen.size - live }
    this.#changesAtFreeze = table.changes
    this.changesSinceFreeze = 0
    this.frozenAt = clock()
  }
}

export const [getShownRows, setShownRows] = createContext<ShownRows>()
