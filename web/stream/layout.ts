import { DIRECTIONS, type Direction } from '../../shared/payload.ts'
import { type BytesPlace, ChunkRows, type NotesPlace } from './chunk-rows.ts'
import { type EventOptions, EventRows } from './event-rows.ts'
import { isBefore, type Repeats, type StreamEvent } from './events.ts'
import { type Chunk, firstIndex, type Followed } from './followed.ts'
import { Gaps, type LineTime } from './gaps.ts'
import type { HexShape } from './hex-row.ts'
import { type Item, Items } from './items.ts'
import { RowIndex } from './row-index.ts'
import { CHARACTER_MAX } from './utf8.ts'
import { type ByteFormat, includes, onlyDirection, type Shown } from './view-options.ts'

/** Items of dropped chunks that are kept before everything is laid out anew. */
const DROPPED_MAX = 4_096

/**
 * A row. `missing`: bytes of its direction that were dropped before the chunk. `line`: which of the event's rows this is.
 */
export type Place =
  | { kind: 'missing'; chunk: Chunk; bytes: number }
  | { kind: 'pause'; ms: number }
  | { kind: 'event'; event: StreamEvent; index: number; repeats: Repeats; rows: number; line: number; time: LineTime }
  | NotesPlace
  | BytesPlace

interface Options extends EventOptions {
  view: ByteFormat
  shown: Shown
  /** Columns of the fixed-width font that fit. */
  columns: number
}

/**
 * Maps rows to chunks and events, in order of time. All rows have the same height. New chunks and events are added at
 * the end, so that a long stream costs no more than a short one.
 */
export class StreamLayout {
  readonly #followed: Followed
  readonly #options: Options
  readonly #items = new Items()
  readonly #gaps: Gaps
  readonly #chunkRows: ChunkRows
  readonly #eventRows: EventRows
  #index = new RowIndex()
  #generation = 0
  /** For each direction, the offset of the first byte kept, and the item with it or one before. */
  #from = { in: 0, out: 0 }
  #firstItem = { in: 0, out: 0 }
  #dropped = 0

  constructor(followed: Followed, options: Options) {
    this.#followed = followed
    this.#options = options
    this.#gaps = new Gaps(this.#items, followed, options.shown)
    this.#chunkRows = new ChunkRows(followed, options.view, options.columns)
    this.#eventRows = new EventRows(this.#items, this.#gaps, options)
    this.#reset()
  }

  get view(): ByteFormat {
    return this.#chunkRows.view
  }

  get hex(): HexShape {
    return this.#chunkRows.hex
  }

  /** Number of rows. */
  get rows(): number {
    return this.#index.total
  }

  /** Takes over what is new. @param noted chunks that now begin with a message */
  update(events: readonly StreamEvent[], noted: readonly Chunk[] = []): void {
    if (this.#generation !== this.#followed.generation || this.#dropped > DROPPED_MAX + this.#items.length / 2) {
      this.#reset()
    }
    this.#forgetDropped()
    this.#takeBack(onlyDirection(this.#options.shown) === undefined ? events : [])
    this.#append()
    for (const chunk of noted) this.#refresh(this.#items.indexOf(chunk.n))
  }

  /** Undefined beyond the last row. */
  place(row: number): Place | undefined {
    const found = this.#index.find(row)
    const item = found && this.#items.at(found.index)
    if (found === undefined || item === undefined) return undefined
    const { index } = found
    let { line } = found
    if (typeof item === 'object') {
      const bytes = this.#gaps.missingBefore(item)
      if (bytes > 0 && line-- === 0) return { kind: 'missing', chunk: item, bytes }
    }
    const ms = this.#gaps.pauseBefore(index)
    if (ms > 0 && line-- === 0) return { kind: 'pause', ms }
    const time = this.#gaps.timeOf(item, index)
    if (typeof item === 'object') return this.#chunkRows.place(item, line, time)
    const event = this.#items.events[item]
    const repeats = this.#eventRows.repeatsOf(index)
    return event && { kind: 'event', event, index: item, repeats, rows: this.#eventRows.rowsOf(index), line, time }
  }

  /** The row of a byte; 0 if the byte is not kept. */
  rowOf(direction: Direction, offset: number): number {
    const chunk = this.#followed.chunkAt(direction, offset)
    return chunk ? this.#firstRowOf(this.#items.indexOf(chunk.n)) + this.#chunkRows.lineOf(chunk, offset) : 0
  }

  /** The row that a place has now; that of the next chunk if its own is no longer kept. */
  rowOfPlace(place: Exclude<Place, { kind: 'pause' }>): number {
    if (place.kind === 'bytes' && place.start >= this.#followed.streams[place.chunk.direction].from) {
      const row = this.rowOf(place.chunk.direction, place.start)
      return place.time !== null && this.#chunkRows.hasNotesRow(place.chunk) ? row - 1 : row
    }
    if (place.kind === 'missing') return this.#index.rowOf(this.#items.indexOf(place.chunk.n))
    if (place.kind !== 'event') return this.#firstRowOf(this.#items.indexOf(place.chunk.n))
    const item = this.#items.indexOfEvent(place.index)
    return item === -1 ? 0 : this.#firstRowOf(item) + place.line
  }

  /** The item's first row after those that tell what is before it. */
  #firstRowOf(index: number): number {
    return this.#index.rowOf(index) + this.#gaps.rowsBefore(index)
  }

  #reset(): void {
    this.#items.clear()
    this.#index = new RowIndex()
    this.#dropped = 0
    this.#generation = this.#followed.generation
    for (const direction of DIRECTIONS) {
      this.#from[direction] = this.#followed.streams[direction].from
      this.#firstItem[direction] = 0
    }
  }

  /** Takes the rows of dropped chunks away. What they leave is missing before the next chunk of their direction. */
  #forgetDropped(): void {
    for (const direction of DIRECTIONS) {
      const { from } = this.#followed.streams[direction]
      if (from === this.#from[direction]) continue
      this.#from[direction] = from
      const gone: number[] = []
      let index = this.#firstItem[direction]
      for (; index < this.#items.length; index++) {
        const item = this.#items.at(index)
        if (item === undefined || typeof item === 'number' || item.direction !== direction) continue
        if (this.#followed.isKept(item)) break
        gone.push(index)
      }
      this.#firstItem[direction] = index
      this.#dropped += gone.length
      for (const each of gone) this.#refreshAround(each)
      this.#refreshAt(direction, from, from + CHARACTER_MAX)
    }
  }

  /** Takes events back that have changed, and everything that comes after them or after new ones. */
  #takeBack(events: readonly StreamEvent[]): void {
    const changed = this.#eventRows.take(events)
    const at = Math.min(events[changed]?.at ?? Infinity, this.#items.events[changed]?.at ?? Infinity)
    // Events of the same time change places with bytes, so those are taken back too.
    while (this.#items.length > 0 && (this.#items.nextEvent > changed || this.#items.lastAt >= at)) this.#pop()
    this.#items.events = events
  }

  #append(): void {
    const { shown } = this.#options
    if (shown !== 'events') {
      const seen: Record<Direction, boolean> = { in: false, out: false }
      for (const chunk of this.#followed.after(this.#items.placed, onlyDirection(shown))) {
        this.#makeRoomFor(chunk)
        this.#push(chunk)
        // A character that the chunk completes may change the lines of those before.
        if (!seen[chunk.direction]) this.#refreshAt(chunk.direction, chunk.offset - CHARACTER_MAX + 1, chunk.offset)
        seen[chunk.direction] = true
      }
    }
    while (this.#items.nextEvent < this.#items.events.length) this.#push(this.#items.nextEvent)
  }

  /** Events that came after the newest chunk may belong after this one too. */
  #makeRoomFor({ at }: Chunk): void {
    for (let last = this.#items.last; typeof last === 'number'; last = this.#items.last) {
      const event = this.#items.events[last]
      if (event && isBefore(event, at)) break
      this.#pop()
    }
    for (let next = this.#items.next; next && isBefore(next, at); next = this.#items.next) {
      this.#push(this.#items.nextEvent)
    }
  }

  #push(item: Item): void {
    this.#items.push(item)
    this.#index.push(this.#rowsOf(this.#items.length - 1))
    this.#refreshEvents(this.#items.length - 2, -1)
  }

  #pop(): void {
    this.#items.pop()
    this.#index.pop()
    for (const direction of DIRECTIONS) {
      this.#firstItem[direction] = Math.min(this.#firstItem[direction], this.#items.length)
    }
  }

  #refresh(index: number): void {
    if (index >= 0 && index < this.#items.length) this.#index.set(index, this.#rowsOf(index))
  }

  /** A chunk is new or gone, so its neighbours may know more or less about the time between them. */
  #refreshAround(index: number): void {
    this.#refresh(index)
    this.#refreshEvents(index - 1, -1)
    this.#refresh(this.#refreshEvents(index + 1, 1))
  }

  /** @returns the index after the last of the events in a row */
  #refreshEvents(index: number, step: 1 | -1): number {
    for (; typeof this.#items.at(index) === 'number'; index += step) this.#refresh(index)
    return index
  }

  /** Lays the chunks with these bytes out again. */
  #refreshAt(direction: Direction, start: number, end: number): void {
    if (!includes(this.#options.shown, direction)) return
    const chunks = this.#followed.byDirection[direction]
    for (let each = firstIndex(chunks, (chunk) => chunk.end > start); each < chunks.length; each++) {
      const chunk = chunks[each]
      if (!chunk || chunk.offset >= end || chunk.n > this.#items.placed) return
      this.#refresh(this.#items.indexOf(chunk.n))
    }
  }

  #rowsOf(index: number): number {
    const item = this.#items.at(index)
    if (item === undefined) return 0
    if (typeof item === 'object' && !this.#followed.isKept(item)) return 0
    const rows = typeof item === 'object' ? this.#chunkRows.count(item) : this.#eventRows.rowsOf(index)
    return this.#gaps.rowsBefore(index) + rows
  }
}
