import { Rest } from './rest.ts'
import type { Still } from './still.svelte.ts'

/** Keeps rows still while a person points at one of them or has reached one by keyboard. */
export class Hold {
  #pointed = false
  #focused = false
  #still: Still
  #release: () => void
  readonly #rest: Rest

  /** @param release called when nothing keeps the rows any longer */
  constructor(still: Still, release: () => void) {
    this.#still = still
    this.#release = release
    this.#rest = new Rest({ reading: still.reading, onRest: (resting) => this.#set(!resting, this.#focused) })
  }

  get on(): boolean {
    return this.#pointed || this.#focused
  }

  point({ pointerType }: PointerEvent, on: boolean): void {
    // A finger does not rest on a row as a mouse pointer does.
    if (pointerType === 'touch') return
    this.#rest.point(on)
    this.#set(on, this.#focused)
  }

  /** Somebody is at the page. */
  stir(): void {
    this.#rest.stir()
  }

  /** The rows have left the page. */
  end(): void {
    this.#rest.point(false)
    this.#still.set(this, false)
  }

  focus({ target }: FocusEvent, on: boolean): void {
    this.#set(this.#pointed, on && target instanceof HTMLElement && target.matches(':focus-visible'))
  }

  #set(pointed: boolean, focused: boolean): void {
    const before = this.on
    this.#pointed = pointed
    this.#focused = focused
    this.#still.set(this, this.on)
    if (before && !this.on) this.#release()
  }
}
