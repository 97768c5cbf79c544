import { DIRECTIONS, type Direction } from '../../shared/payload.ts'
import { type Followed, firstIndex } from './followed.ts'
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
  readonly all: Match[]
  /** True if there are more matches than these. */
  readonly more: boolean
  #length: number
  #offsets: Record<Direction, number[]>

  constructor(followed: Followed, shown: Shown, needle: Needle | null) {
    this.#length = needle?.bytes.length ?? 0
    const find = (direction: Direction) =>
      needle && includes(shown, direction) ? findAll(followed, direction, needle) : []
    this.#offsets = { in: find('in'), out: find('out') }
    const found = DIRECTIONS.flatMap((direction) =>
      this.#offsets[direction].map((offset) => ({ direction, offset, n: followed.chunkAt(direction, offset)?.n ?? 0 })),
    )
    this.all = found.sort((a, b) => a.n - b.n || a.offset - b.offset)
    this.more = DIRECTIONS.some((direction) => this.#offsets[direction].length === MATCHES_MAX)
  }

  /** For the bytes of one direction. */
  hits(direction: Direction, current: Match | null): HitAt {
    const offsets = this.#offsets[direction]
    if (offsets.length === 0) return () => null
    return (at) => {
      const offset = offsets[firstIndex(offsets, (offset) => offset > at) - 1]
      if (offset === undefined || at >= offset + this.#length) return null
      return current?.direction === direction && current.offset === offset ? 'current' : 'match'
    }
  }

  /** Index of a match, or of the next one if it is gone; 0 if there is none. */
  indexOf(match: Match): number {
    const index = this.all.findIndex(({ direction, offset }) => direction === match.direction && offset >= match.offset)
    return Math.max(0, index)
  }
}

/** Matches do not overlap. */
function findAll({ streams }: Followed, direction: Direction, { bytes, foldCase }: Needle): number[] {
  const stream = streams[direction]
  const hay = stream.slice(stream.from, stream.to)
  const found: number[] = []
  const last = hay.length - bytes.length
  for (let at = 0; at <= last && found.length < MATCHES_MAX; at++) {
    let index = 0
    while (index < bytes.length && same(hay[at + index] ?? 0, bytes[index] ?? 0, foldCase)) index++
    if (index < bytes.length) continue
    found.push(stream.from + at)
    at += bytes.length - 1
  }
  return found
}

/** @param wanted in lower case if case does not matter */
function same(byte: number, wanted: number, foldCase: boolean): boolean {
  return byte === wanted || (foldCase && byte >= 0x41 && byte <= 0x5a && byte + 0x20 === wanted)
}
