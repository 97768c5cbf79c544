import { DIRECTIONS, type Direction } from '../../shared/payload.ts'
import { isBefore, type StreamEvent } from './events.ts'
import { type Chunk, firstIndex, type Followed } from './followed.ts'
import { hexShape, type HexShape } from './hex-row.ts'
import { RowIndex } from './row-index.ts'
import { linesOf } from './text-lines.ts'
import { CHARACTER_MAX } from './utf8.ts'
import { LF } from './visible.ts'
import { type ByteFormat, includes, onlyDirection, type Shown } from './view-options.ts'

/** A pause of this length gets a row of its own, and the line after it its time of day. */
export const PAUSE_MS = 60_000
/** Chunks of one direction that follow each other within this time share the first one's time. */
const TOGETHER_MS = 5
/** Columns that a note needs beside the bytes. */
const NOTE_COLUMNS = 16
/** A chunk with fewer rows of bytes has no row for notes. */
const NOTES_ROWS = 3
/** Items of dropped chunks that are kept before everything is laid out anew. */
const DROPPED_MAX = 4_096

/** The time of a chunk or an event, and milliseconds since the line before; null: unknown, or a pause. */
export interface LineTime {
  at: number
  after: number | null
  /** A chunk that belongs together with the one before. */
  together: boolean
}

/** A row of a chunk's bytes. Only its first row has a time. */
export type BytesPlace = { kind: 'bytes'; chunk: Chunk; start: number; end: number; time: LineTime | null }

/**
 * A row. `missing`: bytes of its direction that were dropped before the chunk. `notes`: what begins with the chunk, whose first
 * row of bytes is the next row. `line`: which of the event's rows this is.
 */
export type Place =
  | { kind: 'missing'; chunk: Chunk; bytes: number }
  | { kind: 'pause'; ms: number }
  | { kind: 'event'; event: StreamEvent; index: number; rows: number; line: number; time: LineTime }
  | { kind: 'notes'; chunk: Chunk; end: number; time: LineTime }
  | BytesPlace

interface Options {
  view: ByteFormat
  shown: Shown
  /** Columns of the fixed-width font that fit. */
  columns: number
  /** How many rows the words of an event take. */
  eventRows: (event: StreamEvent) => number
}

/** A chunk, or the index of an event. */
type Item = Chunk | number

/**
 * Maps rows to chunks and events, in order of time. All rows have the same height. New chunks and events are added at
 * the end, so that a long stream costs no more than a short one.
 */
export class StreamLayout {
  readonly view: ByteFormat
  readonly hex: HexShape
  readonly #followed: Followed
  readonly #options: Options
  #items: Item[] = []
  #index = new RowIndex()
  #events: readonly StreamEvent[] = []
  #eventRows: number[] = []
  /** The next event to be placed, and the newest chunk that has been. */
  #nextEvent = 0
  #placed = 0
  #generation = 0
  /** For each direction, the offset of the first byte kept, and the item with it or one before. */
  #from = { in: 0, out: 0 }
  #firstItem = { in: 0, out: 0 }
  #dropped = 0

  constructor(followed: Followed, options: Options) {
    this.view = options.view
    this.hex = hexShape(options.columns)
    this.#followed = followed
    this.#options = options
    this.#reset()
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
    for (const chunk of noted) this.#refresh(this.#itemOf(chunk.n))
  }

  /** Undefined beyond the last row. */
  place(row: number): Place | undefined {
    const found = this.#index.find(row)
    const item = found && this.#items[found.index]
    if (found === undefined || item === undefined) return undefined
    const { index } = found
    let { line } = found
    if (typeof item === 'object') {
      const bytes = this.#missingBefore(item)
      if (bytes > 0 && line-- === 0) return { kind: 'missing', chunk: item, bytes }
    }
    const ms = this.#pauseBefore(index)
    if (ms > 0 && line-- === 0) return { kind: 'pause', ms }
    const time = this.#timeOf(item, index)
    if (typeof item === 'number') {
      const event = this.#events[item]
      return event && { kind: 'event', event, index: item, rows: this.#eventRows[item] ?? 1, line, time }
    }
    if (!this.#hasNotesRow(item)) return this.#bytesAt(item, line, time)
    if (line > 0) return this.#bytesAt(item, line - 1, null)
    return { kind: 'notes', chunk: item, end: this.#bytesAt(item, 0, null).end, time }
  }

  /** The row of a byte; 0 if the byte is not kept. */
  rowOf(direction: Direction, offset: number): number {
    const chunk = this.#followed.chunkAt(direction, offset)
    if (!chunk) return 0
    const index = this.#itemOf(chunk.n)
    const relative = offset - chunk.offset
    const line =
      this.view === 'hex'
        ? Math.floor(relative / this.hex.perRow)
        : firstIndex(this.#linesOf(chunk), (start) => start > relative) - 1
    return this.#index.rowOf(index) + this.#rowsBefore(index) + (this.#hasNotesRow(chunk) ? 1 : 0) + line
  }

  /** The row that a place has now; that of the next chunk if its own is no longer kept. */
  rowOfPlace(place: Exclude<Place, { kind: 'pause' }>): number {
    if (place.kind === 'bytes' && place.start >= this.#followed.streams[place.chunk.direction].from) {
      const row = this.rowOf(place.chunk.direction, place.start)
      return place.time !== null && this.#hasNotesRow(place.chunk) ? row - 1 : row
    }
    const item = place.kind === 'event' ? this.#items.indexOf(place.index) : this.#itemOf(place.chunk.n)
    const line = place.kind === 'event' ? place.line : 0
    return item === -1 ? 0 : this.#index.rowOf(item) + (place.kind === 'missing' ? 0 : this.#rowsBefore(item)) + line
  }

  #reset(): void {
    this.#items = []
    this.#index = new RowIndex()
    this.#nextEvent = 0
    this.#placed = 0
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
        const item = this.#items[index]
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
    const rows = events.map(this.#options.eventRows)
    let changed = 0
    while (changed < this.#nextEvent && this.#isSame(changed, events[changed], rows[changed])) changed++
    const at = Math.min(events[changed]?.at ?? Infinity, this.#events[changed]?.at ?? Infinity)
    // Events of the same time change places with bytes, so those are taken back too.
    while (this.#items.length > 0 && (this.#nextEvent > changed || this.#lastAt() >= at)) this.#pop()
    this.#events = events
    this.#eventRows = rows
  }

  #isSame(index: number, event: StreamEvent | undefined, rows: number | undefined): boolean {
    const before = this.#events[index]
    return before?.kind === event?.kind && before?.at === event?.at && this.#eventRows[index] === rows
  }

  #append(): void {
    const { shown } = this.#options
    if (shown !== 'events') {
      const seen: Record<Direction, boolean> = { in: false, out: false }
      for (const chunk of this.#followed.after(this.#placed, onlyDirection(shown))) {
        this.#makeRoomFor(chunk)
        this.#push(chunk)
        // A character that the chunk completes may change the lines of those before.
        if (!seen[chunk.direction]) this.#refreshAt(chunk.direction, chunk.offset - CHARACTER_MAX + 1, chunk.offset)
        seen[chunk.direction] = true
      }
    }
    while (this.#nextEvent < this.#events.length) this.#push(this.#nextEvent)
  }

  /** Events that came after the newest chunk may belong after this one too. */
  #makeRoomFor({ at }: Chunk): void {
    for (let last = this.#items.at(-1); typeof last === 'number'; last = this.#items.at(-1)) {
      const event = this.#events[last]
      if (event && isBefore(event, at)) break
      this.#pop()
    }
    for (
      let event = this.#events[this.#nextEvent];
      event && isBefore(event, at);
      event = this.#events[this.#nextEvent]
    ) {
      this.#push(this.#nextEvent)
    }
  }

  #push(item: Item): void {
    this.#items.push(item)
    if (typeof item === 'number') this.#nextEvent = item + 1
    else this.#placed = item.n
    this.#index.push(this.#rowsOf(this.#items.length - 1))
    this.#refreshEvents(this.#items.length - 2, -1)
  }

  #pop(): void {
    const item = this.#items.pop()
    this.#index.pop()
    if (typeof item === 'number') this.#nextEvent = item
    else if (item) this.#placed = item.n - 1
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
    for (; typeof this.#items[index] === 'number'; index += step) this.#refresh(index)
    return index
  }

  /** Lays the chunks with these bytes out again. */
  #refreshAt(direction: Direction, start: number, end: number): void {
    if (!includes(this.#options.shown, direction)) return
    const chunks = this.#followed.byDirection[direction]
    for (let each = firstIndex(chunks, (chunk) => chunk.end > start); each < chunks.length; each++) {
      const chunk = chunks[each]
      if (!chunk || chunk.offset >= end || chunk.n > this.#placed) return
      this.#refresh(this.#itemOf(chunk.n))
    }
  }

  #rowsOf(index: number): number {
    const item = this.#items[index]
    if (item === undefined) return 0
    const before = this.#rowsBefore(index)
    if (typeof item === 'number') return before + (this.#eventRows[item] ?? 1)
    if (!this.#followed.isKept(item)) return 0
    const bytes =
      this.view === 'hex' ? Math.ceil((item.end - item.offset) / this.hex.perRow) : this.#linesOf(item).length
    return before + (this.#hasNotesRow(item) ? 1 : 0) + bytes
  }

  /** The rows that tell of missing bytes and of a pause. */
  #rowsBefore(index: number): number {
    const item = this.#items[index]
    const missing = typeof item === 'object' && this.#missingBefore(item) > 0
    return (missing ? 1 : 0) + (this.#pauseBefore(index) > 0 ? 1 : 0)
  }

  /** Bytes of its direction that were dropped just before the chunk. */
  #missingBefore({ direction, offset }: Chunk): number {
    const { from } = this.#followed.streams[direction]
    return offset === from ? from : 0
  }

  /** For how long nothing happened before the item; 0: not for long, or unknown. */
  #pauseBefore(index: number): number {
    // Almost every item is known by its time alone.
    if (this.#options.shown === 'events' || this.#apart(index) < PAUSE_MS) return 0
    return this.#sinceLast(index) ?? 0
  }

  /** The time since the line before. Null: there is none, or bytes between the two may have been dropped. */
  #sinceLast(index: number): number | null {
    return index > 0 && this.#isUnbroken(index) ? this.#apart(index) : null
  }

  /** Milliseconds between the item and the one before, whatever was between them. */
  #apart(index: number): number {
    const item = this.#items[index]
    const last = this.#items[index - 1]
    return item === undefined || last === undefined ? 0 : Math.max(0, this.#atOf(item) - this.#atOf(last))
  }

  /** Whether no chunk is missing between the one before this place and the one at or after it. */
  #isUnbroken(index: number): boolean {
    const { shown } = this.#options
    if (shown === 'events') return true
    let [before, after] = [index - 1, index]
    while (typeof this.#items[before] === 'number') before--
    while (typeof this.#items[after] === 'number') after++
    const [last, next] = [this.#items[before], this.#items[after]]
    const previous = typeof last === 'object' ? last : null
    if (previous !== null && !this.#followed.isKept(previous)) return false
    if (typeof next !== 'object') return !DIRECTIONS.some((direction) => this.#isGone(direction))
    if (onlyDirection(shown) !== undefined) return next.offset === (previous?.end ?? 0)
    return this.#missingBefore(next) === 0 && next.n === (previous?.n ?? 0) + 1
  }

  /** Whether the direction had bytes and none is kept. */
  #isGone(direction: Direction): boolean {
    const { length, to } = this.#followed.streams[direction]
    return length === 0 && to > 0
  }

  #timeOf(item: Item, index: number): LineTime {
    const last = this.#items[index - 1]
    const after = this.#sinceLast(index)
    const sameWay = typeof item === 'object' && typeof last === 'object' && item.direction === last.direction
    const together = sameWay && after !== null && after < TOGETHER_MS
    return { at: this.#atOf(item), after: after !== null && after < PAUSE_MS ? after : null, together }
  }

  /** @param time of the chunk */
  #bytesAt(chunk: Chunk, line: number, time: LineTime | null): BytesPlace {
    const kind = 'bytes'
    const ofRow = line === 0 ? time : null
    if (this.view === 'hex') {
      const start = chunk.offset + line * this.hex.perRow
      return { kind, chunk, start, end: Math.min(start + this.hex.perRow, chunk.end), time: ofRow }
    }
    const lines = this.#linesOf(chunk)
    const next = lines[line + 1]
    const end = next === undefined ? chunk.end : chunk.offset + next
    return { kind, chunk, start: chunk.offset + (lines[line] ?? 0), end, time: ofRow }
  }

  /** Whether what begins with the chunk is named above it. That is not worth a row above a short chunk, or if its first row has room. */
  #hasNotesRow(chunk: Chunk): boolean {
    const { noted, direction, offset, end } = chunk
    if (!noted) return false
    if (this.view === 'hex') return end - offset > this.hex.perRow * (NOTES_ROWS - 1)
    const lines = this.#linesOf(chunk)
    const second = lines[1]
    if (second === undefined || lines.length < NOTES_ROWS) return false
    const isCut = this.#followed.streams[direction].at(offset + second - 1) !== LF
    return isCut || second > this.#options.columns - NOTE_COLUMNS
  }

  #linesOf(chunk: Chunk): readonly number[] {
    return linesOf(chunk, this.#followed.streams[chunk.direction], this.#options.columns)
  }

  /** The item of the chunk with this number, or of the next one. */
  #itemOf(n: number): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >> 1
      // Events have no number: the next chunk decides.
      let at = middle
      while (at < high && typeof this.#items[at] === 'number') at++
      const item = this.#items[at]
      if (at === high || (typeof item === 'object' && item.n >= n)) high = middle
      else low = at + 1
    }
    while (typeof this.#items[low] === 'number') low++
    return low
  }

  #atOf(item: Item): number {
    return typeof item === 'number' ? (this.#events[item]?.at ?? 0) : item.at
  }

  #lastAt(): number {
    const last = this.#items.at(-1)
    return last === undefined ? -Infinity : this.#atOf(last)
  }
}
