import { columnOf, type Column, type ColumnId } from './columns.ts'
import { parseFilter, type Filter } from '../../shared/filter/filter.ts'
import type { ProblemCode } from '../../shared/diagnosis.ts'
import type { Row } from '../live/row.ts'
import type { Show } from '../nav/address.ts'
import type { TableObserver } from '../live/table.ts'

/** Reasons to keep the rows still: the pointer is over them, one has the keyboard's focus, or the list is scrolled. */
export type HoldReason = 'pointer' | 'focus' | 'scroll'

/** Where a view takes its rows from. */
export interface RowSource {
  rows(): Iterable<Row>
}

/** Changes not shown yet because the rows are held. */
export interface Waiting {
  added: number
  gone: number
  /** The sort key changes over time, and rows have changed. */
  order: boolean
  /** Problems that have appeared since, and whose rows are not listed or not in their place. */
  problems: number
}

/** A rebuild may take at most this share of the time. */
const DUTY = 20
/** Rows that change places more often than this are unreadable. */
const VOLATILE_ORDER_MS = 1000

/**
 * Which rows are shown, and in what order. Only changed rows are examined. The order is rebuilt at a limited rate,
 * and not while the rows are held. It is kept ascending, so the usual case, new connections first, is an append.
 */
export class ListView implements TableObserver {
  readonly #source: RowSource
  #clock: () => number
  #order: Row[] = []
  #members = new Set<Row>()
  #added = new Set<Row>()
  #gone = new Set<Row>()
  #orderStale = false
  /** How many rows with problems end the order, if it is by problem. */
  #problems = 0
  /** The problem that each listed row had when it was put in its place. */
  #placed = new Map<Row, ProblemCode>()
  #newProblems = new Set<Row>()
  #replaced = false
  #holds = new Set<HoldReason>()
  #nextRebuildAt = -Infinity
  #filter: Filter = parseFilter('')
  #show: Show = 'all'
  #column: Column = columnOf('id')
  #descending = true

  /** @param clock the server's clock, Unix milliseconds */
  constructor(source: RowSource, clock: () => number) {
    this.#source = source
    this.#clock = clock
  }

  get length(): number {
    return this.#order.length
  }

  get sort(): { column: ColumnId; descending: boolean } {
    return { column: this.#column.id, descending: this.#descending }
  }

  get show(): Show {
    return this.#show
  }

  get filtered(): boolean {
    return !this.#filter.empty
  }

  get held(): boolean {
    return this.#holds.size > 0 && this.#order.length > 0
  }

  /** Whether a person points at a row, or has reached one by keyboard. */
  get touched(): boolean {
    return this.#holds.has('pointer') || this.#holds.has('focus')
  }

  get waiting(): Waiting {
    const order = this.#orderStale
    const byProblem = order && this.#column.id === 'problem'
    let problems = 0
    for (const row of this.#newProblems) if (byProblem || this.#added.has(row)) problems++
    return { added: this.#added.size, gone: this.#gone.size, order, problems }
  }

  /** The row at a position, from the top. */
  at(index: number): Row | undefined {
    return this.#order[this.#descending ? this.#order.length - 1 - index : index]
  }

  /** Linear time: for a key press or a click, not for every frame. @returns -1 if the row is not in the list */
  indexOf(row: Row): number {
    const index = this.#order.indexOf(row)
    return index === -1 || !this.#descending ? index : this.#order.length - 1 - index
  }

  /**
   * The place of the next row with a problem, after (1) or before (-1) this place, and around the ends. Linear time.
   * @returns -1 if no row has a problem
   */
  nextProblem(from: number, by: 1 | -1): number {
    const { length } = this
    const start = from === -1 && by === -1 ? length : from
    for (let step = 1; step <= length; step++) {
      const index = (start + by * step + length) % length
      if (this.at(index)?.problem != null) return index
    }
    return -1
  }

  /**
   * How many live rows are out of view, while most rows in view have closed. Linear time.
   * @param first the index of the first row in view, from the top
   * @param last the index of the last one
   */
  liveOutOfView(first: number, last: number): number {
    const inView: Row[] = []
    for (let index = first; index <= last; index++) {
      const row = this.at(index)
      if (row) inView.push(row)
    }
    const live = countLive(inView)
    return inView.length - live <= live ? 0 : countLive(this.#order) - live
  }

  setFilter(filter: Filter): void {
    this.#filter = filter
    this.rebuild()
  }

  /** The same filter with other hits. Rows that now match, or no longer do, wait like any change. */
  adjustFilter(filter: Filter): void {
    this.#filter = filter
    for (const row of this.#source.rows()) this.changed(row)
  }

  setShow(show: Show): void {
    this.#show = show
    this.rebuild()
  }

  setSort(id: ColumnId, descending: boolean): void {
    this.#column = columnOf(id)
    this.#descending = descending
    this.applyWaiting()
  }

  hold(reason: HoldReason, on: boolean): void {
    if (on) this.#holds.add(reason)
    else this.#holds.delete(reason)
  }

  changed(row: Row): void {
    const belongs = this.#matches(row, this.#clock())
    const code = row.problem?.code
    if (belongs && code !== undefined && code !== this.#placed.get(row)) this.#newProblems.add(row)
    else this.#newProblems.delete(row)
    if (belongs === this.#members.has(row)) {
      this.#added.delete(row)
      this.#gone.delete(row)
      if (belongs && (this.#column.volatile || this.#column.key(row, 0) !== row.sortKey)) this.#orderStale = true
    } else if (belongs) this.#added.add(row)
    else this.#gone.add(row)
  }

  removed(row: Row): void {
    this.#added.delete(row)
    this.#newProblems.delete(row)
    if (this.#members.has(row)) this.#gone.add(row)
  }

  replaced(): void {
    this.#replaced = true
  }

  /** Called once a second: rows may match by age or by a new sample without a change. */
  tick(): void {
    if (this.#filter.timed) for (const row of this.#source.rows()) this.changed(row)
    if (this.#column.volatile && this.#order.length > 1) this.#orderStale = true
  }

  /** Updates the list unless it is held or it is too soon. @returns true if the list has changed */
  flush(): boolean {
    if (this.#replaced) {
      this.rebuild()
      return true
    }
    if (this.held) return false
    if (this.#added.size === 0 && this.#gone.size === 0) {
      const due = this.#orderStale && this.#clock() >= this.#nextRebuildAt
      if (due) this.applyWaiting()
      return due
    }
    if (this.#append()) return true
    if (this.#clock() < this.#nextRebuildAt) return false
    this.applyWaiting()
    return true
  }

  /** Shows pending changes at once, even if the rows are held. */
  applyWaiting(): void {
    const started = performance.now()
    if (this.#gone.size > 0) {
      this.#order = this.#order.filter((row) => !this.#gone.has(row))
      for (const row of this.#gone) this.#members.delete(row)
    }
    this.#order.push(...this.#takeAdded())
    this.#sortAndSettle(started)
  }

  /** Starts over with another filter, order or source. */
  rebuild(): void {
    const started = performance.now()
    const now = this.#clock()
    this.#order = []
    for (const row of this.#source.rows()) if (this.#matches(row, now)) this.#order.push(row)
    this.#members = new Set(this.#order)
    this.#added.clear()
    this.#replaced = false
    this.#sortAndSettle(started)
  }

  #matches(row: Row, now: number): boolean {
    if (!isShown(row, this.#show)) return false
    return this.#filter.empty || this.#filter.matches(row, now)
  }

  /** The usual case without a sort: the new rows have the highest ids, and only rows with problems come before them. */
  #append(): boolean {
    const { id } = this.#column
    if ((id !== 'id' && id !== 'problem') || this.#gone.size > 0 || this.#orderStale) return false
    const at = this.#order.length - (id === 'id' ? 0 : this.#problems)
    let last = this.#order[at - 1]?.id ?? 0
    for (const row of this.#added) {
      if (row.id < last || (id === 'problem' && row.problem !== null)) return false
      last = row.id
    }
    const now = this.#clock()
    const rows = this.#takeAdded()
    for (const row of rows) row.sortKey = this.#column.key(row, now)
    this.#order.splice(at, 0, ...rows)
    return true
  }

  #takeAdded(): Row[] {
    const rows = [...this.#added]
    for (const row of rows) this.#members.add(row)
    this.#added.clear()
    return rows
  }

  #sortAndSettle(started: number): void {
    const now = this.#clock()
    for (const row of this.#order) row.sortKey = this.#column.key(row, now)
    this.#order.sort((a, b) => (a.sortKey < b.sortKey ? -1 : a.sortKey > b.sortKey ? 1 : a.id - b.id))
    this.#gone.clear()
    this.#orderStale = false
    this.#newProblems.clear()
    this.#placed.clear()
    for (const row of this.#order) if (row.problem !== null) this.#placed.set(row, row.problem.code)
    this.#problems = this.#order.length - 1 - this.#order.findLastIndex(({ problem }) => problem === null)
    const cost = performance.now() - started
    this.#nextRebuildAt = now + Math.max(cost * DUTY, this.#column.volatile ? VOLATILE_ORDER_MS : 0)
  }
}

function countLive(rows: Row[]): number {
  let live = 0
  for (const row of rows) if (row.live) live++
  return live
}

function isShown({ live, problem }: Row, show: Show): boolean {
  return show === 'all' || (show === 'attention' ? problem !== null : live === (show === 'live'))
}
