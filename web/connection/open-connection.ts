import { createSubscriber } from 'svelte/reactivity'
import type { Repaint } from '../live/repaint.ts'
import type { Row } from '../live/row.ts'
import { EventLog } from './events.ts'

/** The connection in the panel, and its events since the panel was opened. Keeps the row after the table has dropped it. */
export class OpenConnection {
  #log: EventLog | null = null
  #revision = -1
  #evicted = false
  readonly #find: () => Row | undefined
  readonly #track: () => void

  constructor(repaint: Pick<Repaint, 'on'>, find: () => Row | undefined) {
    this.#find = find
    this.#look()
    this.#track = createSubscriber((update) =>
      repaint.on(() => {
        if (this.#look()) update()
      }),
    )
  }

  /** Null until the row is known. An effect that reads this runs again after each change of the row. */
  get log(): EventLog | null {
    this.#track()
    return this.#log
  }

  /** The table has dropped the row, so the panel shows the last known facts. */
  get evicted(): boolean {
    this.#track()
    return this.#evicted
  }

  /** @returns true if anything has changed */
  #look(): boolean {
    const before = { log: this.#log, revision: this.#revision, evicted: this.#evicted }
    const row = this.#find()
    this.#evicted = row === undefined && this.#log !== null
    if (row) {
      if (this.#log?.row !== row) this.#log = new EventLog(row)
      this.#log.observe()
      this.#revision = row.revision
    }
    return before.log !== this.#log || before.revision !== this.#revision || before.evicted !== this.#evicted
  }
}
