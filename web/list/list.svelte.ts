/* eslint svelte/prefer-svelte-reactivity: off -- what is reactive here is chosen, the rest is plain data */
import type { ColumnId } from './columns.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'
import { ListView, type HoldReason, type RowSource, type Show, type Waiting } from './list-view.ts'

const NOTHING: Waiting = { added: 0, gone: 0, order: false }

const LEAVE_MS = 500

export interface ListOptions {
  /** Where the rows are, and how many changes it has applied so far. */
  table: RowSource & { get(id: number): Row | undefined; changes(): number }
  /** The server's clock, Unix milliseconds. */
  clock: () => number
  /** Something is to be shown with the next frame. */
  onChange: () => void
}

/** The list as a person arranges it: filtered, sorted, held, frozen. */
export class ListState implements TableObserver {
  /** Another one whenever the rows or their order are. */
  version = $state(0)
  waiting = $state.raw<Waiting>(NOTHING)
  /** Sockets of the kernel alone, above the rows, that are not shown yet: they would push the rows down. */
  unmatchedWaiting = $state(0)
  /** Rises when a person asks to see what waits. */
  asked = $state(0)
  /** The server's clock when the list was frozen. */
  frozenAt = $state<number | null>(null)
  changesSinceFreeze = $state(0)
  /** How many of each there were when the list was frozen; null while it is not. */
  frozenCounts = $state.raw<{ live: number; closed: number } | null>(null)
  show = $state<Show>('all')
  filter = $state('')
  /** Words of the filter that are no terms of its language although they look like some. */
  misread = $state.raw<readonly string[]>([])
  sort = $state.raw<{ column: ColumnId; descending: boolean }>({ column: 'id', descending: true })
  readonly view: ListView
  #options: ListOptions
  #frozen: Map<number, Row> | null = null
  #changesAtPause = 0
  #leaving: ReturnType<typeof setTimeout> | undefined

  constructor(options: ListOptions) {
    this.#options = options
    this.view = new ListView(options.table, options.clock)
  }

  /** The row as the list shows it: as it was when the list was frozen. */
  row(id: number): Row | undefined {
    return this.#frozen ? this.#frozen.get(id) : this.#options.table.get(id)
  }

  changed(row: Row): void {
    if (!this.#frozen) this.view.changed(row)
  }

  removed(row: Row): void {
    if (!this.#frozen) this.view.removed(row)
  }

  replaced(): void {
    if (!this.#frozen) this.view.replaced()
  }

  hold(reason: HoldReason, on: boolean): void {
    this.view.hold(reason, on)
    this.#options.onChange()
  }

  /** A pointer that leaves the rows may be on its way to the button that says what waits: it gets a moment. */
  point(on: boolean): void {
    clearTimeout(this.#leaving)
    if (on) this.hold('pointer', true)
    else this.#leaving = setTimeout(() => this.hold('pointer', false), LEAVE_MS)
  }

  showWaiting(): void {
    // The button goes with what it said, and hears of no pointer that leaves it.
    this.point(false)
    this.asked++
    this.view.applyWaiting()
    this.#arranged()
  }

  setFilter(text: string): void {
    this.filter = text
    this.view.setFilter(text)
    this.misread = this.view.misread
    this.#arranged()
  }

  setShow(show: Show): void {
    this.show = show
    this.view.setShow(show)
    this.#arranged()
  }

  setSort(column: ColumnId, descending: boolean): void {
    this.sort = { column, descending }
    this.view.setSort(column, descending)
    this.#arranged()
  }

  toggleFreeze(): void {
    if (this.frozenAt === null) this.#freeze()
    else this.#unfreeze()
    this.#arranged()
  }

  /** Once a second. */
  tick(): void {
    if (!this.#frozen) this.view.tick()
  }

  /** Once per frame. */
  flush(): void {
    if (this.#frozen) {
      this.changesSinceFreeze = this.#options.table.changes() - this.#changesAtPause
      return
    }
    if (this.view.flush()) this.version++
    const { waiting, held } = this.view
    const due = waiting.added > 0 || waiting.gone > 0
    this.waiting = held && (due || waiting.order) ? waiting : NOTHING
    // Rows wait to come and go, but it is too soon for another list.
    if (due && !held) this.#options.onChange()
  }

  /** A copy, so that a frozen list can still be scrolled, sorted and filtered while the table goes on. */
  #freeze(): void {
    const frozen = new Map<number, Row>()
    let live = 0
    for (const row of this.#options.table.rows()) {
      frozen.set(row.id, row.frozen())
      if (row.live) live++
    }
    this.frozenCounts = { live, closed: frozen.size - live }
    this.#frozen = frozen
    this.#changesAtPause = this.#options.table.changes()
    this.changesSinceFreeze = 0
    this.frozenAt = this.#options.clock()
    this.waiting = NOTHING
    this.view.setSource({ rows: () => frozen.values() })
  }

  #unfreeze(): void {
    this.#frozen = null
    this.frozenAt = null
    this.frozenCounts = null
    this.view.setSource(this.#options.table)
  }

  #arranged(): void {
    this.version++
    this.#options.onChange()
  }
}
