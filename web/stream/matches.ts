import { DIRECTIONS, type Direction } from '../../shared/payload.ts'
import { firstIndex, type Followed } from './followed.ts'
import type { HitAt } from './pieces.ts'
import type { Needle } from './query.ts'
import { type Shown, includes } from './view-options.ts'

/** Search stops after this many matches. */
export const MATCHES_MAX = 10_000

/** Where in a direction's stream the query was found. */
export interface Match {
  direction: Direction
  offset: number
}

/** All matches of a query. A match may cross chunk boundaries: a stream has no messages. */
export class Matches {
  /** Ordered by the arrival of their first bytes. */
  all: readonly Match[] = []
  readonly #followed: Followed
  readonly #shown: Shown
  readonly #needle: Needle
  readonly #offsets: Record<Direction, number[]> = { in: [], out: [] }
  /** Where the search of each direction continues. */
  readonly #next: Record<Direction, number> = { in: 0, out: 0 }
  #generation: number

  constructor(followed: Followed, shown: Shown, needle: Needle) {
    this.#followed = followed
    this.#shown = shown
    this.#needle = needle
    this.#generation = followed.generation
    this.update()
  }

  /** True if there are more matches than these. */
  get more(): boolean {
    return DIRECTIONS.some((direction) => this.#offsets[direction].length === MATCHES_MAX)
  }

  /** Searches the bytes that are new, and forgets matches of bytes that are no longer kept. */
  update(): void {
    if (this.#generation !== this.#followed.generation) {
      this.#generation = this.#followed.generation
      for (const direction of DIRECTIONS) this.#next[direction] = this.#offsets[direction].length = 0
    }
    let changed = false
    for (const direction of DIRECTIONS) {
      if (includes(this.#shown, direction)) changed = this.#search(direction) || changed
    }
    if (!changed) return
    const found = DIRECTIONS.flatMap((direction) =>
      this.#offsets[direction].map((offset) => {
        return { direction, offset, n: this.#followed.chunkAt(direction, offset)?.n ?? 0 }
      }),
    )
    this.all = found.sort((a, b) => a.n - b.n || a.offset - b.offset)
  }

  /** For the bytes of one direction. */
  hits(direction: Direction, current: Match | null): HitAt {
    const offsets = this.#offsets[direction]
    if (offsets.length === 0) return () => null
    return (at) => {
      const offset = offsets[firstIndex(offsets, (offset) => offset > at) - 1]
      if (offset === undefined || at >= offset + this.#needle.bytes.length) return null
      return current?.direction === direction && current.offset === offset ? 'current' : 'match'
    }
  }

  /** Index of a match, or of the next one if it is gone; 0 if there is none. */
  indexOf(match: Match): number {
    const index = this.all.findIndex(({ direction, offset }) => direction === match.direction && offset >= match.offset)
    return Math.max(0, index)
  }

  /** Matches do not overlap. @returns true if there are others than before */
  #search(direction: Direction): boolean {
    const { bytes, foldCase } = this.#needle
    const stream = this.#followed.streams[direction]
    const found = this.#offsets[direction]
    const gone = firstIndex(found, (offset) => offset >= stream.from)
    found.splice(0, gone)
    const before = found.length
    const start = Math.max(stream.from, this.#next[direction])
    const hay = stream.slice(start, stream.to)
    const last = hay.length - bytes.length
    let at = 0
    for (; at <= last && found.length < MATCHES_MAX; at++) {
      let index = 0
      while (index < bytes.length && same(hay[at + index] ?? 0, bytes[index] ?? 0, foldCase)) index++
      if (index < bytes.length) continue
      found.push(start + at)
      at += bytes.length - 1
    }
    this.#next[direction] = start + at
    return gone > 0 || found.length > before
  }
}

/** @param wanted in lower case if case does not matter */
function same(byte: number, wanted: number, foldCase: boolean): boolean {
  return byte === wanted || (foldCase && byte >= 0x41 && byte <= 0x5a && byte + 0x20 === wanted)
}
