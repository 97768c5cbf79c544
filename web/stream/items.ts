import type { StreamEvent } from './events.ts'
import type { Chunk } from './followed.ts'

/** A chunk, or the index of an event. */
export type Item = Chunk | number

/** The chunks and events that have been laid out, in order of time. Grows and shrinks at the end. */
export class Items {
  events: readonly StreamEvent[] = []
  /** The index of the next event to be placed, and the number of the newest chunk that has been. */
  nextEvent = 0
  placed = 0
  #all: Item[] = []

  get length(): number {
    return this.#all.length
  }

  at(index: number): Item | undefined {
    return this.#all[index]
  }

  get last(): Item | undefined {
    return this.#all[this.#all.length - 1]
  }

  /** The event to be placed next. */
  get next(): StreamEvent | undefined {
    return this.events[this.nextEvent]
  }

  get lastAt(): number {
    const { last } = this
    return last === undefined ? -Infinity : this.timeOf(last)
  }

  push(item: Item): void {
    this.#all.push(item)
    if (typeof item === 'number') this.nextEvent = item + 1
    else this.placed = item.n
  }

  pop(): void {
    const item = this.#all.pop()
    if (typeof item === 'number') this.nextEvent = item
    else if (item) this.placed = item.n - 1
  }

  clear(): void {
    this.#all = []
    this.nextEvent = 0
    this.placed = 0
  }

  timeOf(item: Item): number {
    return typeof item === 'number' ? (this.events[item]?.at ?? 0) : item.at
  }

  /** The place of the chunk with this number, or of the next one. */
  indexOf(n: number): number {
    let low = 0
    let high = this.#all.length
    while (low < high) {
      const middle = (low + high) >> 1
      // Events have no number: the next chunk decides.
      let at = middle
      while (at < high && typeof this.#all[at] === 'number') at++
      const item = this.#all[at]
      if (at === high || (typeof item === 'object' && item.n >= n)) high = middle
      else low = at + 1
    }
    while (typeof this.#all[low] === 'number') low++
    return low
  }

  /** The place of an event; -1 if it has none. */
  indexOfEvent(event: number): number {
    return this.#all.indexOf(event)
  }
}
