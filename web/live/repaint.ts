import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { FrameScheduler } from './scheduler.ts'

/** Runs its callbacks at most once per animation frame, however many frames of the server have arrived. */
export class Repaint {
  #callbacks = new Set<() => void>()
  #scheduler = new FrameScheduler(() => this.now())
  /** An effect that calls this function runs again on each repaint. */
  readonly track = createSubscriber((update) => this.on(update))

  /**
   * Callbacks run in the order of registration, so register state before the components that show it.
   * @returns a function that removes the callback
   */
  on(callback: () => void): () => void {
    this.#callbacks.add(callback)
    return () => this.#callbacks.delete(callback)
  }

  request(): void {
    this.#scheduler.request()
  }

  /** For what can wait: about seven times a second at most. */
  requestSoon(): void {
    this.#scheduler.requestSoon()
  }

  now(): void {
    for (const callback of this.#callbacks) callback()
  }
}

export const [getRepaint, setRepaint] = createContext<Repaint>()
