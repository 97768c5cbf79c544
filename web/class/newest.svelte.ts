/* eslint svelte/prefer-svelte-reactivity: off -- reactive fields are chosen by hand; everything else is plain data */
import type { Close } from '../../shared/connection.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'

/** Events in the life of a connection, in order. */
export const HAPPENINGS = ['accepted', 'first-bytes', 'half-closed', 'closed'] as const

export type Happening = (typeof HAPPENINGS)[number]

export interface PortEvent {
  kind: Happening
  row: Row
  close: Close | null
  /** How many events have happened since the previous one was shown, without this one. */
  more: number
}

/** How long an event is shown at least; a faster change is unreadable in a room. */
const EVERY_MS = 1_000
/** How many connections are listed. */
const RECENT = 30

/** The table of connections. */
interface NewestInput {
  rows(): Iterable<Row>
  live: ReadonlyMap<number, Row>
}

/** The newest event of the port, updated at most once a second, and the connections ordered by their newest event. */
export class Newest implements TableObserver {
  latest = $state.raw<PortEvent | null>(null)
  /** Connections ordered by their newest event, latest first. */
  rows = $state.raw<readonly Row[]>([])
  #source: NewestInput
  #clock: () => number
  /** The last event of each live connection, as an index of HAPPENINGS. */
  #stages = new Map<number, number>()
  #newestId = 0
  #recent = new Map<number, Row>()
  #next: Omit<PortEvent, 'more'> | null = null
  #waiting = 0
  #shownAt = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(source: NewestInput, clock: () => number = () => performance.now()) {
    this.#source = source
    this.#clock = clock
    this.replaced()
  }

  changed(row: Row): void {
    const before = this.#stages.get(row.id)
    // The kernel may still report changes of a connection that has closed.
    if (before === undefined && row.id <= this.#newestId) return
    this.#newestId = Math.max(this.#newestId, row.id)
    const stage = stageOf(row)
    if (row.close) this.#stages.delete(row.id)
    else this.#stages.set(row.id, stage)
    const kind = HAPPENINGS[stage]
    if (kind === undefined || stage === before) return
    this.#recent.delete(row.id)
    this.#recent.set(row.id, row)
    const [oldest] = this.#recent.keys()
    if (this.#recent.size > RECENT && oldest !== undefined) this.#recent.delete(oldest)
    this.#next = { kind, row, close: row.close }
    this.#waiting++
    this.#timer ??= setTimeout(() => this.#show(), Math.max(0, this.#shownAt + EVERY_MS - this.#clock()))
  }

  removed(): void {}

  /** Starts over. Events before that are not shown. */
  replaced(): void {
    this.#stages.clear()
    this.#recent.clear()
    const rows = [...this.#source.rows()].sort((a, b) => a.id - b.id)
    for (const row of rows) if (row.close === null) this.#stages.set(row.id, stageOf(row))
    this.#newestId = rows.at(-1)?.id ?? 0
    for (const row of rows.slice(-RECENT)) this.#recent.set(row.id, row)
    this.#next = null
    this.#waiting = 0
    this.latest = null
    this.#publish()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #show(): void {
    this.#timer = undefined
    this.#shownAt = this.#clock()
    if (this.#next) this.latest = { ...this.#next, more: this.#waiting - 1 }
    this.#next = null
    this.#waiting = 0
    this.#publish()
  }

  #publish(): void {
    this.rows = [...this.#recent.values()].reverse()
  }
}

function stageOf(row: Row): number {
  if (row.close) return 3
  if (row.state === 'half-closed') return 2
  return row.bytesIn > 0 ? 1 : 0
}
