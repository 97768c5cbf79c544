/** Passes texts on, at most one in a while. The others are counted, and come with the next one. */
export class Spaced {
  readonly #everyMs: number
  readonly #emit: (first: string, others: number) => void
  #first: string | null = null
  #others = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(everyMs: number, emit: (first: string, others: number) => void) {
    this.#everyMs = everyMs
    this.#emit = emit
  }

  add(text: string): void {
    if (this.#first === null) this.#first = text
    else this.#others++
    if (this.#timer === null) this.#pass()
  }

  /** Drops what has not been passed on. */
  forget(): void {
    this.#first = null
    this.#others = 0
  }

  #pass(): void {
    this.#timer = null
    if (this.#first === null) return
    const [first, others] = [this.#first, this.#others]
    this.forget()
    this.#timer = setTimeout(() => this.#pass(), this.#everyMs)
    this.#emit(first, others)
  }
}
