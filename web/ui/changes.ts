import { createSubscriber } from 'svelte/reactivity'

/** Tells effects about changes of data that is not reactive itself. */
export class Changes {
  #update: (() => void) | null = null
  /**
   * An effect that calls this function runs again after `tell`. Each call creates an effect, so call once per read
   * and not once per item.
   */
  readonly track = createSubscriber((update) => {
    this.#update = update
    return () => (this.#update = null)
  })

  tell(): void {
    this.#update?.()
  }
}
