import { createSubscriber } from 'svelte/reactivity'

/** Makes plain data that changes in place visible to effects. */
export class Changes {
  #update: (() => void) | null = null
  /** An effect that calls this runs again after `tell`. It costs an effect of its own: once per read, not once per item. */
  readonly track = createSubscriber((update) => {
    this.#update = update
    return () => (this.#update = null)
  })

  tell(): void {
    this.#update?.()
  }
}
