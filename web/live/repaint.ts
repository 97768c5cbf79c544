import { createContext } from 'svelte'
import { createSubscriber } from 'svelte/reactivity'
import { FrameScheduler } from './scheduler.ts'

/** Runs its callbacks once per animation frame in which anything has changed, however many frames the server sent. */
export class Repaint {
  #callbacks = new Set<() => void>()
  #scheduler = new FrameScheduler(() => this.now())
  /** An effect that calls this runs again with each repaint. */
  readonly track = createSubscriber((update) => this.on(update))

  /** Callbacks run in the order in which they were added: state before what shows it. @returns the remover */
  on(callback: () => void): () => void {
    this.#callbacks.add(callback)
    return () => this.#callbacks.delete(callback)
  }

  request(): void {
    this.#scheduler.request()
  }

  now(): void {
    for (const callback of this.#callbacks) callback()
  }
}

export const [getRepaint, setRepaint] = createContext<Repaint>()
