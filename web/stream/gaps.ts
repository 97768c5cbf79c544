import { DIRECTIONS, type Direction } from '../../shared/payload.ts'
import type { Chunk, Followed } from './followed.ts'
import type { Item, Items } from './items.ts'
import { onlyDirection, type Shown } from './view-options.ts'

/** A pause of this length gets a row of its own, and the line after it its time of day. */
export const PAUSE_MS = 60_000
/** Chunks of one direction that follow each other within this time share the first one's time. */
const TOGETHER_MS = 5

/** The time of a chunk or an event, and milliseconds since the line before; null: unknown, or a pause. */
export interface LineTime {
  at: number
  after: number | null
  /** A chunk that belongs together with the one before. */
  together: boolean
}

/** What lies between an item and the one before: dropped bytes, a pause, or less time than that. */
export class Gaps {
  readonly #items: Items
  readonly #followed: Followed
  readonly #shown: Shown

  constructor(items: Items, followed: Followed, shown: Shown) {
    this.#items = items
    this.#followed = followed
    this.#shown = shown
  }

  /** The rows that tell of missing bytes and of a pause. */
  rowsBefore(index: number): number {
    const item = this.#items.at(index)
    const missing = typeof item === 'object' && this.missingBefore(item) > 0
    return (missing ? 1 : 0) + (this.pauseBefore(index) > 0 ? 1 : 0)
  }

  /** Bytes of its direction that were dropped just before the chunk. */
  missingBefore({ direction, offset }: Chunk): number {
    const { from } = this.#followed.streams[direction]
    return offset === from ? from : 0
  }

  /** For how long nothing happened before the item; 0: not for long, or unknown. */
  pauseBefore(index: number): number {
    // Almost every item is known by its time alone.
    if (this.#shown === 'events' || this.#apart(index) < PAUSE_MS) return 0
    return this.#sinceLast(index) ?? 0
  }

  /** Whether the item followed the one before within less than a pause, and no bytes between them were dropped. */
  isShort(index: number): boolean {
    const ms = this.#sinceLast(index)
    return ms !== null && ms < PAUSE_MS
  }

  /** The time of the item at this place. */
  timeOf(item: Item, index: number): LineTime {
    const last = this.#items.at(index - 1)
    const after = this.#sinceLast(index)
    const sameWay = typeof item === 'object' && typeof last === 'object' && item.direction === last.direction
    const together = sameWay && after !== null && after < TOGETHER_MS
    return { at: this.#items.timeOf(item), after: after !== null && after < PAUSE_MS ? after : null, together }
  }

  /** The time since the line before. Null: there is none, or bytes between the two may have been dropped. */
  #sinceLast(index: number): number | null {
    return index > 0 && this.#isUnbroken(index) ? this.#apart(index) : null
  }

  /** Milliseconds between the item and the one before, whatever was between them. */
  #apart(index: number): number {
    const item = this.#items.at(index)
    const last = this.#items.at(index - 1)
    return item === undefined || last === undefined
      ? 0
      : Math.max(0, this.#items.timeOf(item) - this.#items.timeOf(last))
  }

  /** Whether no chunk is missing between the one before this place and the one at or after it. */
  #isUnbroken(index: number): boolean {
    if (this.#shown === 'events') return true
    let [before, after] = [index - 1, index]
    while (typeof this.#items.at(before) === 'number') before--
    while (typeof this.#items.at(after) === 'number') after++
    const [last, next] = [this.#items.at(before), this.#items.at(after)]
    const previous = typeof last === 'object' ? last : null
    if (previous !== null && !this.#followed.isKept(previous)) return false
    if (typeof next !== 'object') return !DIRECTIONS.some((direction) => this.#isGone(direction))
    if (onlyDirection(this.#shown) !== undefined) return next.offset === (previous?.end ?? 0)
    return this.missingBefore(next) === 0 && next.n === (previous?.n ?? 0) + 1
  }

  /** Whether the direction had bytes and none is kept. */
  #isGone(direction: Direction): boolean {
    const { length, to } = this.#followed.streams[direction]
    return length === 0 && to > 0
  }
}
