/** Keeps rows still while a person points at one of them or has reached one by keyboard. */
export class Hold {
  #pointed = false
  #focused = false
  #release: () => void

  /** @param release called when nothing keeps the rows any longer */
  constructor(release: () => void) {
    this.#release = release
  }

  get on(): boolean {
    return this.#pointed || this.#focused
  }

  point({ pointerType }: PointerEvent, on: boolean): void {
    // A finger does not rest on a row as a mouse pointer does.
    if (pointerType !== 'touch') this.#set(on, this.#focused)
  }

  focus({ target }: FocusEvent, on: boolean): void {
    this.#set(this.#pointed, on && target instanceof HTMLElement && target.matches(':focus-visible'))
  }

  #set(pointed: boolean, focused: boolean): void {
    const before = this.on
    this.#pointed = pointed
    this.#focused = focused
    if (before && !this.on) this.#release()
  }
}
