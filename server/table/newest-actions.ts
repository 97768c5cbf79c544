import { ACTIONS_KEPT, type Action } from '../../shared/action.ts'
import type { Entry } from './entry.ts'

/** Limit for all connections together: a bulk action adds one to each of thousands, and a new dashboard gets them all. */
const TOTAL = 20_000

/** Limits the kept actions, for each connection and in total. The oldest are dropped first. */
export class NewestActions {
  readonly #total: number
  /** Oldest first; the first `#gone` elements have been dropped. */
  #kept: { entry: Entry; seq: number }[] = []
  #gone = 0

  constructor(total = TOTAL) {
    this.#total = total
  }

  add(entry: Entry, action: Action): void {
    const seq = entry.changeSeq
    // A new array, because readers may hold the old one.
    entry.actions = [...entry.actions.slice(1 - ACTIONS_KEPT), { seq, action }]
    this.#kept.push({ entry, seq })
    if (this.#kept.length - this.#gone > this.#total) this.#letGo()
  }

  #letGo(): void {
    const oldest = this.#kept[this.#gone++]
    if (oldest !== undefined && oldest.entry.actions[0]?.seq === oldest.seq) {
      oldest.entry.actions = oldest.entry.actions.slice(1)
    }
    if (this.#gone < this.#total) return
    this.#kept = this.#kept.slice(this.#gone)
    this.#gone = 0
  }
}
