/* eslint svelte/prefer-svelte-reactivity: off -- only whether there are holders is reactive */
import { createContext } from 'svelte'

/** Whether a person points at a row or has reached one by keyboard, so that nothing may push the rows elsewhere. */
export class Still {
  on = $state(false)
  /** Whether a person reads without moving anything: a panel is open, or text is selected. */
  readonly reading: () => boolean
  #holders = new Set<object>()

  constructor(reading: () => boolean) {
    this.reading = reading
  }

  /** @param holder whatever has the rows */
  set(holder: object, on: boolean): void {
    if (on) this.#holders.add(holder)
    else this.#holders.delete(holder)
    this.on = this.#holders.size > 0
  }
}

export const [getStill, setStill] = createContext<Still>()
