/* eslint svelte/prefer-svelte-reactivity: off -- what is reactive here is chosen, the rest is plain data */
import { createContext } from 'svelte'
import type { ColumnId } from './columns.ts'
import type { Row } from '../live/row.ts'
import type { ShownRows } from '../live/shown-rows.svelte.ts'
import type { TableObserver } from '../live/table.ts'
import { Changes } from '../ui/changes.ts'
import { ListView, type HoldReason, type Show, type Waiting } from './list-view.ts'

const NOTHING: Waiting = { added: 0, gone: 0, order: false }

const LEAVE_MS = 500

export interface ListOptions {
  shownRows: Pick<ShownRows, 'rows' | 'row' | 'frozenAt' | 'onToggle'>
  /** The server's clock, Unix milliseconds. */
  clock: () => number
  /** Requests a repaint. */
  onChange: () => void
}

/** The list as a person arranges it: filtered, sorted, held. While the page is paused it shows the copies of its rows. */
export class ListState implements TableObserver {
  waiting = $state.raw<Waiting>(NOTHING)
  /** Sockets of the kernel alone, above the rows, that are not shown yet: they would push the rows down. */
  unmatchedWaiting = $state(0)
  /** Rises when a person asks to see what waits. */
  asked = $state(0)
  show = $state<Show>('all')
  filter = $state('')
  /** Words of the filter that are no terms of its language although they look like some. */
  misread = $state.raw<readonly string[]>([])
  sort = $state.raw<{ column: ColumnId; descending: boolean }>({ column: 'id', descending: true })
  /** Plain data: `length`, `slice` and `track` are for effects. */
  readonly view: ListView
  #changes = new Changes()
  /** An effect that calls this runs again when the rows or their order have changed. */
  readonly track = this.#changes.track
  #options: ListOptions
  #leaving: ReturnType<typeof setTimeout> | undefined

  constructor(options: ListOptions) {
    this.#options = options
    this.view = new ListView(options.shownRows, options.clock)
    options.shownRows.onToggle(() => {
      this.waiting = NOTHING
      this.view.rebuild()
      this.#arranged()
    })
  }

  get length(): number {
    this.track()
    return this.view.length
  }

  /** The rows between these places, both included. */
  slice(first: number, last: number): Row[] {
    this.track()
    const rows: Row[] = []
    for (let index = first; index <= last; index++) {
      const row = this.view.at(index)
      if (row) rows.push(row)
    }
    return rows
  }

  row(id: number): Row | undefined {
    return this.#options.shownRows.row(id)
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

  /** Once a second. */
  tick(): void {
    if (!this.#frozen) this.view.tick()
  }

  /** Once per repaint. */
  flush(): void {
    if (this.#frozen) return
    if (this.view.flush()) this.#changes.tell()
    const { waiting, held } = this.view
    const due = waiting.added > 0 || waiting.gone > 0
    this.waiting = held && (due || waiting.order) ? waiting : NOTHING
    // Rows wait to come and go, but it is too soon for another list.
    if (due && !held) this.#options.onChange()
  }

  get #frozen(): boolean {
    return this.#options.shownRows.frozenAt !== null
  }

  #arranged(): void {
    this.#changes.tell()
    this.#options.onChange()
  }
}

export const [getList, setList] = createContext<ListState>()
