import { isNotable, NOTABLE_SHARE } from '../../shared/notable.ts'
import type { Entry } from './entry.ts'

/** How a connection ended: in order, or in a way that somebody may ask about later. */
type Kind = 'orderly' | 'notable'
const KINDS: readonly Kind[] = ['orderly', 'notable']

export type CountOfKinds = Readonly<Record<Kind, number>>

/** The closed connections that are remembered, in the order in which they closed. */
export class ClosedList {
  /** How many closed and how many were evicted so far. Each kind is evicted in the order of closing. */
  readonly closed: Record<Kind, number> = { orderly: 0, notable: 0 }
  readonly evicted: Record<Kind, number> = { orderly: 0, notable: 0 }
  /** Sequence number of the newest evicted close. A reader that has not seen this number cannot catch up. */
  evictedSeq = 0
  readonly #oldest: Record<Kind, Entry | null> = { orderly: null, notable: null }
  #newest: Entry | null = null
  readonly #notableMax: number

  /** @param kept how many are remembered */
  constructor(kept: number) {
    this.#notableMax = kept * NOTABLE_SHARE
  }

  /** @param hadProblem it had one when it closed */
  add(entry: Entry, hadProblem: boolean): void {
    const { close } = entry
    entry.notable = hadProblem || (close !== null && isNotable(close))
    entry.closedBefore = this.#newest
    if (this.#newest !== null) this.#newest.closedAfter = entry
    this.#newest = entry
    const kind = kindOf(entry)
    this.#oldest[kind] ??= entry
    this.closed[kind]++
  }

  /** The last `count`, oldest first. */
  newest(count: number): Entry[] {
    const entries: Entry[] = []
    for (let e = this.#newest; e !== null && entries.length < count; e = e.closedBefore) entries.push(e)
    return entries.reverse()
  }

  /** Takes out the oldest one, or the oldest orderly one as long as the others have not used up their share. */
  evict(): Entry | null {
    const { orderly, notable } = this.#oldest
    const spared = orderly !== null && this.closed.notable - this.evicted.notable <= this.#notableMax
    const entry =
      spared || notable === null ? orderly : orderly === null || isBefore(notable, orderly) ? notable : orderly
    if (entry === null) return null
    const kind = kindOf(entry)
    this.#oldest[kind] = nextOf(entry)
    this.evicted[kind]++
    this.evictedSeq = Math.max(this.evictedSeq, entry.closeSeq)
    this.#unlink(entry)
    return entry
  }

  #unlink(entry: Entry): void {
    const { closedBefore, closedAfter } = entry
    if (closedBefore !== null) closedBefore.closedAfter = closedAfter
    if (closedAfter === null) this.#newest = closedBefore
    else closedAfter.closedBefore = closedBefore
    entry.closedBefore = entry.closedAfter = null
  }
}

/** How many of the evicted ones a reader has missed that had seen the closes of `seen`. */
export function missedOf(seen: CountOfKinds, evicted: CountOfKinds): number {
  return KINDS.reduce((sum, kind) => sum + Math.max(0, evicted[kind] - seen[kind]), 0)
}

function kindOf({ notable }: Entry): Kind {
  return notable ? 'notable' : 'orderly'
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.closeSeq < b.closeSeq
}

/** The next one of the same kind. Each entry is passed once for each kind in all. */
function nextOf(entry: Entry): Entry | null {
  let next = entry.closedAfter
  while (next !== null && next.notable !== entry.notable) next = next.closedAfter
  return next
}
