import { oneOf, Stored } from '../ui/stored.ts'

const stored = new Stored('single-keys', oneOf(['on', 'off']))

/** Whether single-character shortcuts are on. Kept in this browser. */
class SingleKeys {
  #on = $state(stored.get() !== 'off')

  get on(): boolean {
    return this.#on
  }

  set(on: boolean): void {
    this.#on = on
    stored.set(on ? 'on' : 'off')
  }
}

export const singleKeys = new SingleKeys()
