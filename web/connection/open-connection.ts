import { createSubscriber } from 'svelte/reactivity'
import type { Repaint } from '../live/repaint.ts'
import type { Row } from '../live/row.ts'

/** The connection in the panel. Keeps the row after the table has dropped it. */
export class OpenConnection {
  #row: Row | null = null
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
  get row(): Row | null {
    this.#track()
    return this.#row
  }

  /** The table has dropped the row, so the panel shows the last known facts. */
  get evicted(): boolean {
    this.#track()
    return this.#evicted
  }

  /** @returns true if anything has changed */
  #look(): boolean {
    const before = { row: this.#row, revision: this.#revision, evicted: this.#evicted }
    const row = this.#find()
    this.#evicted = row === undefined && this.#row !== null
    if (row) {
      this.#row = row
      this.#revision = row.revision
    }
    return before.row !== this.#row || before.revision !== this.#revision || before.evicted !== this.#evicted
  }
}
