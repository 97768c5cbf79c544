import { ONCE, type Repeats, type StreamEvent } from './events.ts'
import type { Gaps } from './gaps.ts'
import type { Items } from './items.ts'

export interface EventOptions {
  /** How many rows the words of an event take. */
  eventRows: (event: StreamEvent, repeats: Repeats) => number
  /** Whether the event can share the line of the one before. */
  isRepeat: (event: StreamEvent, before: StreamEvent) => boolean
}

/** How many rows each event takes. One that only repeats the event right before it has none: it is counted there. */
export class EventRows {
  readonly #items: Items
  readonly #gaps: Gaps
  readonly #options: EventOptions
  /** Of each event, regardless of what is around it. */
  #each: { rows: number; repeats: boolean }[] = []

  constructor(items: Items, gaps: Gaps, options: EventOptions) {
    this.#items = items
    this.#gaps = gaps
    this.#options = options
  }

  /** Takes over the events. @returns how many of those already placed are as they were */
  take(events: readonly StreamEvent[]): number {
    const { eventRows, isRepeat } = this.#options
    const each = events.map((event, index) => {
      const before = events[index - 1]
      return { rows: eventRows(event, ONCE), repeats: before !== undefined && isRepeat(event, before) }
    })
    const isSame = (index: number): boolean => {
      const [was, is] = [this.#items.events[index], events[index]]
      const [had, has] = [this.#each[index], each[index]]
      return was?.kind === is?.kind && was?.at === is?.at && had?.rows === has?.rows && had?.repeats === has?.repeats
    }
    let same = 0
    while (same < this.#items.nextEvent && isSame(same)) same++
    this.#each = each
    return same
  }

  /** The rows of the event at this place. */
  rowsOf(index: number): number {
    if (this.#isRepeat(index)) return 0
    const item = this.#items.at(index)
    const event = typeof item === 'number' ? this.#items.events[item] : undefined
    const repeats = this.repeatsOf(index)
    if (event === undefined || typeof item !== 'number') return 0
    return repeats === ONCE ? (this.#each[item]?.rows ?? 1) : this.#options.eventRows(event, repeats)
  }

  /** How many events share the line of the one at this place. */
  repeatsOf(index: number): Repeats {
    let last = index
    while (this.#isRepeat(last + 1)) last++
    if (last === index) return ONCE
    const [from, to] = [this.#items.at(index), this.#items.at(last)]
    if (from === undefined || to === undefined) return ONCE
    return { count: last - index + 1, ms: this.#items.timeOf(to) - this.#items.timeOf(from) }
  }

  /** Whether the event repeats the previous one. Bytes or a pause between the two prevent that, because both have their own lines. */
  #isRepeat(index: number): boolean {
    const item = this.#items.at(index)
    if (typeof item !== 'number' || typeof this.#items.at(index - 1) !== 'number') return false
    return this.#each[item]?.repeats === true && this.#gaps.isShort(index)
  }
}
