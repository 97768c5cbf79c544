/* eslint svelte/prefer-svelte-reactivity: off -- reactive fields are chosen by hand; everything else is plain data */
import { createContext } from 'svelte'
import { type Filter, parseFilter } from '../../shared/filter/filter.ts'
import { type ColumnId, PROBLEMS_FIRST, type Sort } from './columns.ts'
import type { Row } from '../live/row.ts'
import type { ShownRows } from '../live/shown-rows.svelte.ts'
import type { TableObserver } from '../live/table.ts'
import type { Show } from '../nav/address.ts'
import { Changes } from '../ui/changes.ts'
import { Rest } from '../ui/rest.ts'
import type { Still } from '../ui/still.svelte.ts'
import { shownText } from './shown-text.ts'
import { TextSearch, type TextSearchOptions } from './text-search.svelte.ts'
import { ListView, type HoldReason, type Waiting } from './list-view.ts'

const NOTHING: Waiting = { added: 0, gone: 0, order: false, problems: 0 }

const LEAVE_MS = 500

export interface ListOptions {
  shownRows: Pick<ShownRows, 'rows' | 'row' | 'frozenAt' | 'onToggle'>
  /** The server's clock in Unix milliseconds. */
  clock: () => number
  /** Requests a repaint. */
  onChange: () => void
  searchText: TextSearchOptions['ask']
  still: Still
}

/** The list as a person has arranged it: filter, order, hold. While the page is paused, the rows are copies. */
export class ListState implements TableObserver {
  waiting = $state.raw<Waiting>(NOTHING)
  /** Unmatched sockets not shown yet, because they would push the held rows down. */
  unmatchedWaiting = $state(0)
  /** Increases when a person asks to see the waiting changes. */
  asked = $state(0)
  show = $state<Show>('all')
  /** As typed. */
  filter = $state('')
  /** The filter as typed, read. */
  typed = $state.raw<Filter>(parseFilter(''))
  /** The filter that the rows match. It follows what is typed as soon as the server has searched for its texts. */
  matcher = $state.raw<Filter>(parseFilter(''))
  readonly texts: TextSearch
  sort = $state.raw<Sort>(PROBLEMS_FIRST)
  /** Not reactive; effects use `length`, `slice` and `track`. */
  readonly view: ListView
  #changes = new Changes()
  /** An effect that calls this function runs again when the rows or their order change. */
  readonly track = this.#changes.track
  #options: ListOptions
  /** Rows have changed since the texts were last asked for. */
  #touched = false
  #instance: string | null = null
  #leaving: ReturnType<typeof setTimeout> | undefined
  readonly #rest: Rest

  constructor(options: ListOptions) {
    this.#options = options
    this.view = new ListView(options.shownRows, options.clock)
    const onRest = (resting: boolean) => this.hold('pointer', !resting)
    this.#rest = new Rest({ reading: options.still.reading, onRest })
    const ask = (text: string) => {
      this.#touched = false
      return options.searchText(text)
    }
    this.texts = new TextSearch({ ask, onFound: (first) => this.#apply(first) })
    this.view.setSort(this.sort.column, this.sort.descending)
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

  /** The rows from index `first` to index `last`, both included. */
  slice(first: number, last: number): Row[] {
    this.track()
    const rows: Row[] = []
    for (let index = first; index <= last; index++) {
      const row = this.view.at(index)
      if (row) rows.push(row)
    }
    return rows
  }

  /** All rows of the list, in its order. */
  all(): Row[] {
    return this.slice(0, this.view.length - 1)
  }

  row(id: number): Row | undefined {
    return this.#options.shownRows.row(id)
  }

  changed(row: Row): void {
    this.#touched = true
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
    this.#options.still.set(this, this.view.touched)
    this.#options.onChange()
  }

  /**
   * Releases the rows a moment after the pointer has left them, because it may be on its way to the button that shows
   * waiting changes.
   */
  point(on: boolean): void {
    clearTimeout(this.#leaving)
    this.#rest.point(on)
    if (on) this.hold('pointer', true)
    else this.#leaving = setTimeout(() => this.hold('pointer', false), LEAVE_MS)
  }

  /** Nothing holds the rows any longer: they have left the page without an event of the pointer. */
  release(): void {
    clearTimeout(this.#leaving)
    this.#rest.point(false)
    for (const reason of ['pointer', 'focus', 'scroll'] as const) this.hold(reason, false)
  }

  /** Somebody is at the page. */
  stir(): void {
    this.#rest.stir()
  }

  /** A server answers: after a restart, the rows that a scrolled-down list kept in place are gone. */
  greet(instance: string): void {
    if (this.#instance !== null && instance !== this.#instance) this.hold('scroll', false)
    this.#instance = instance
  }

  /** The list starts at the top when this changes. */
  get arrangement(): string {
    return JSON.stringify([this.sort, this.filter, this.show, this.#instance])
  }

  showWaiting(): void {
    // The button disappears with its text, so it gets no pointerleave event.
    this.point(false)
    this.asked++
    this.view.applyWaiting()
    this.#arranged()
  }

  setFilter(text: string): void {
    this.filter = text
    this.#apply(true)
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

  /** What was found by id belongs to a run of the server that is over. */
  forget(): void {
    this.texts.forget()
    this.typed = this.matcher = parseFilter(this.filter, { shown: shownText })
    this.view.adjustFilter(this.matcher)
    this.#apply(false)
  }

  /** Called once a second. */
  tick(): void {
    if (this.#frozen) return
    this.view.tick()
    if (this.#touched) this.texts.refresh()
  }

  /** Called once per repaint. */
  flush(): void {
    if (this.#frozen) return
    if (this.view.flush()) this.#changes.tell()
    const { waiting, held } = this.view
    const due = waiting.added > 0 || waiting.gone > 0
    this.waiting = held && (due || waiting.order) ? waiting : NOTHING
    // Changes are pending, but it is too soon to rebuild the list.
    if (due && !held) this.#options.onChange()
  }

  /** @param asked by a person, who wants to see the rows at once; otherwise held rows stay where they are */
  #apply(asked: boolean): void {
    this.typed = parseFilter(this.filter, { hits: this.texts.hits, shown: shownText })
    // Until the server has answered, the rows stay those of the last filter.
    if (!this.texts.want(this.typed.texts)) return
    this.matcher = this.typed
    if (asked) this.view.setFilter(this.matcher)
    else this.view.adjustFilter(this.matcher)
    this.#arranged()
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
