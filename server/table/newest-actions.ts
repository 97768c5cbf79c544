import { ACTIONS_KEPT, type Action } from '../../shared/action.ts'
import type { Entry } from './entry.ts'

/** Actions kept of all connections together: one on all of thousands is as many, and a new dashboard is sent them all. */
const TOTAL = 20_000

/** Keeps with each record its newest actions, and of all records together the newest. */
export class NewestActions {
  readonly #total: number
  /** Oldest first; the first `#gone` of them have been let go. */
  #kept: { entry: Entry; seq: number }[] = []
  #gone = 0

  constructor(total = TOTAL) {
    this.#total = total
  }

  add(entry: Entry, action: Action): void {
    const seq = entry.changeSeq
    // A new list: what a reader was given of the old one stays as it was.
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
