import type { RefusedChange } from '../../shared/stream.ts'
import type { CountOfKinds } from './closed-list.ts'
import type { Entry } from './entry.ts'
import type { ConnectionTable } from './table.ts'

/** Records in a part. After each part, other work gets a turn of the event loop. */
const PART_SIZE = 500

/** A part of a job: changes after `from` up to `to`, or a piece of the snapshot as of `to`. */
export interface Part {
  kind: 'snapshot' | 'changes'
  from: number
  to: number
  entries: Entry[]
  refused: RefusedChange[]
  /** Number of records in all parts of the job. */
  total: number
  first: boolean
  last: boolean
}

/**
 * Everything that a reader at `from` has not seen, divided into parts. Only the latest part is cached, for other
 * readers at the same point.
 */
export class Job {
  readonly to: number
  /** Connections closed and refused so far, at the time of this job. */
  readonly closed: CountOfKinds
  readonly refusals: number
  /** Actions recorded so far. */
  readonly acted: number
  /** Closed connections evicted so far. The table may evict more later, but the job still holds its records. */
  readonly evicted: CountOfKinds
  readonly parts: number
  readonly #template: Omit<Part, 'entries' | 'first' | 'last' | 'refused'>
  readonly #entries: Entry[]
  readonly #refused: RefusedChange[]
  #latest: { index: number; part: Part } | null = null

  constructor(kind: Part['kind'], from: number, table: ConnectionTable, entries: Entry[], refused: RefusedChange[]) {
    this.to = table.seq
    this.closed = { ...table.closedList.closed }
    this.refusals = table.counters.refused
    this.acted = table.acted
    this.evicted = { ...table.closedList.evicted }
    this.parts = Math.max(1, Math.ceil(entries.length / PART_SIZE))
    this.#template = { kind, from, to: this.to, total: entries.length }
    this.#entries = entries
    this.#refused = refused
  }

  /** Refusals listed one by one in this job. */
  get refusedListed(): number {
    return this.#refused.length
  }

  /** Actions listed one by one in this job. A connection keeps only its newest actions. */
  get actionsListed(): number {
    const { from, to } = this.#template
    let count = 0
    for (const { actions } of this.#entries) for (const { seq } of actions) if (seq > from && seq <= to) count++
    return count
  }

  /** Records and refusals in the parts from `index` to the end. */
  left(index: number): number {
    return Math.max(0, this.#entries.length - index * PART_SIZE) + this.#refused.length
  }

  part(index: number): Part {
    if (this.#latest?.index === index) return this.#latest.part
    const last = index === this.parts - 1
    const part: Part = {
      ...this.#template,
      entries: this.#entries.slice(index * PART_SIZE, (index + 1) * PART_SIZE),
      refused: last ? this.#refused : [],
      first: index === 0,
      last,
    }
    this.#latest = { index, part }
    return part
  }
}
