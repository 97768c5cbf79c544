/** Something that waits for its counterpart. */
interface Waiting<T> {
  readonly value: T
  /** When it began to wait, of `performance.now()`. */
  readonly since: number
  /** Its counterpart has come, or it has been given up. */
  done: boolean
}

/** Things that wait by number, oldest first. */
export class Meeting<T> {
  readonly #max: number
  readonly #byNumber = new Map<number, Waiting<T>[]>()
  #queue: { number: number; waiting: Waiting<T> }[] = []
  #size = 0

  /** @param max beyond this many, the oldest are given up */
  constructor(max: number) {
    this.#max = max
  }

  add(number: number, value: T, since: number): void {
    const waiting = { value, since, done: false }
    const others = this.#byNumber.get(number)
    if (others === undefined) this.#byNumber.set(number, [waiting])
    else others.push(waiting)
    this.#queue.push({ number, waiting })
    this.#size++
    // A tenth at a time, because each pass goes through the whole queue.
    if (this.#size > this.#max) this.#giveUp(-Infinity, this.#max * 0.9)
  }

  /** Removes and returns the first one that fits. */
  take(number: number, fits: (value: T) => boolean): T | null {
    const found = this.#byNumber.get(number)?.find(({ value }) => fits(value))
    if (found === undefined) return null
    this.#remove(number, found)
    return found.value
  }

  /** Those that wait by this number, oldest first. */
  all(number: number): T[] {
    return this.#byNumber.get(number)?.map(({ value }) => value) ?? []
  }

  /** Gives up those that began to wait before this time. */
  expire(before: number): void {
    this.#giveUp(before, this.#max)
  }

  /** Gives up those that began to wait before this time, and the oldest beyond `most`. */
  #giveUp(before: number, most: number): void {
    this.#queue = this.#queue.filter(({ number, waiting }) => {
      if (waiting.done) return false
      if (waiting.since >= before && this.#size <= most) return true
      this.#remove(number, waiting)
      return false
    })
  }

  #remove(number: number, waiting: Waiting<T>): void {
    waiting.done = true
    this.#size--
    const left = this.#byNumber.get(number)?.filter((other) => other !== waiting) ?? []
    if (left.length === 0) this.#byNumber.delete(number)
    else this.#byNumber.set(number, left)
  }
}
