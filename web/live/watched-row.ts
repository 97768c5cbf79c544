import { createSubscriber } from 'svelte/reactivity'
import type { Repaint } from './repaint.ts'
import type { Row } from './row.ts'

/** Makes a row visible to effects. They run again in the repaint after this row has changed, and not after others have. */
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
