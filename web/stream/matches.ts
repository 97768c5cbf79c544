import { DIRECTIONS, type Direction } from '../../shared/payload.ts'
import { type Followed, firstIndex } from './followed.ts'
import type { Needle } from './query.ts'
import { type Shown, includes } from './layout.ts'

/** More are only said to be more. */
export const MATCHES_MAX = 10_000

/** Where in a direction's stream the query was found. */
export interface Match {
  direction: Direction
  offset: number
}

/** Whether a byte is part of a match, or of the one that the reader stands on. */
export type Hit = 'match' | 'current' | null
export type HitAt = (offset: number) => Hit

/** Where a query is found, chunk boundaries or not: a stream is not messages. */
export class Matches {
  /** In the order in which their first bytes passed. */
  readonly all: Match[]
  /** There are more than these. */
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

  /** The place of a match among all, or of the first one after it if it is no longer there; 0 if there is none. */
  indexOf(match: Match): number {
    const index = this.all.findIndex(({ direction, offset }) => direction === match.direction && offset >= match.offset)
    return Math.max(0, index)
  }
}

/** One after the other, none overlaps the one before it. */
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

/** @param wanted in lower case if the case does not matter */
function same(byte: number, wanted: number, foldCase: boolean): boolean {
  return byte === wanted || (foldCase && byte >= 0x41 && byte <= 0x5a && byte + 0x20 === wanted)
}
