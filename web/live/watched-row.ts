import { createSubscriber } from 'svelte/reactivity'
import type { Repaint } from './repaint.ts'
import type { Row } from './row.ts'

/** Lets effects watch one row. They run again on the repaint after a change of this row, and not for other rows. */
export class WatchedRow<R extends Row | undefined> {
  readonly #find: () => R
  readonly #track: () => void

  constructor(repaint: Pick<Repaint, 'on'>, find: () => R) {
    this.#find = find
    this.#track = createSubscriber((update) => {
      let row = find()
      let revision = row?.revision
      return repaint.on(() => {
        const next = find()
        if (next === row && next?.revision === revision) return
        row = next
        revision = next?.revision
        update()
      })
    })
  }

  get current(): R {
    this.#track()
    return this.#find()
  }
}
