/** What two rounds in a row had. */
export class Lasting<T> {
  #last: ReadonlySet<T> = new Set()
  #lasting: ReadonlySet<T> = new Set()

  get items(): ReadonlySet<T> {
    return this.#lasting
  }

  /** Ends a round that had these items. */
  next(items: ReadonlySet<T>): void {
    this.#lasting = new Set([...items].filter((item) => this.#last.has(item)))
    this.#last = items
  }

  clear(): void {
    this.#last = new Set()
    this.#lasting = new Set()
  }
}
