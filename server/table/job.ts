import type { RefusedChange } from '../../shared/stream.ts'
import type { Entry } from './entry.ts'
import type { ConnectionTable } from './table.ts'

/** Records in one part: what is encoded and sent before the event loop gets its turn again. */
const PART_SIZE = 500

/** A piece of what a reader has missed: the changes after `from` up to `to`, or a snapshot as of `to`. */
export interface Part {
  kind: 'snapshot' | 'changes'
  from: number
  to: number
  entries: Entry[]
  refused: RefusedChange[]
  /** How many records all parts hold together. */
  total: number
  first: boolean
  last: boolean
}

/** Everything between a cursor and now, cut into parts. Only the part made last is kept, for the readers beside. */
export class Job {
  readonly to: number
  /** How many connections had closed, and how many had been refused, by then. */
  readonly closed: number
  readonly refusals: number
  /** How many actions had been recorded. */
  readonly acted: number
  /** How many closed ones were no longer kept: the table may have forgotten more since, this job has not. */
  readonly evicted: number
  readonly parts: number
  readonly #template: Omit<Part, 'entries' | 'first' | 'last' | 'refused'>
  readonly #entries: Entry[]
  readonly #refused: RefusedChange[]
  #latest: { index: number; part: Part } | null = null

  constructor(kind: Part['kind'], from: number, table: ConnectionTable, entries: Entry[], refused: RefusedChange[]) {
    this.to = table.seq
    this.closed = table.counters.closed
    this.refusals = table.counters.refused
    this.acted = table.acted
    this.evicted = table.evicted
    this.parts = Math.max(1, Math.ceil(entries.length / PART_SIZE))
    this.#template = { kind, from, to: this.to, total: entries.length }
    this.#entries = entries
    this.#refused = refused
  }

  /** Refusals that have a change of their own in it. */
  get refusedTold(): number {
    return this.#refused.length
  }

  /** Actions that have a change of their own in it: of a connection only the newest are kept. */
  get actionsTold(): number {
    const { from, to } = this.#template
    let told = 0
    for (const { actions } of this.#entries) for (const { seq } of actions) if (seq > from && seq <= to) told++
    return told
  }

  /** Records and refusals in the parts from `index` on. */
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
