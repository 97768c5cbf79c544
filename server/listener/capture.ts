import type { Direction } from '../../shared/payload.ts'
import { type Kept, Tail } from './tail.ts'

/** What a capture needs beside its segments. */
const CAPTURE_COST = 400
/** A chunk, or what is left of it. */
export type Captured = Kept & { direction: Direction }

/** What is kept of one connection's bytes. */
export class Capture {
  readonly id: number
  readonly in: Tail
  readonly out: Tail
  /** Its connection is. */
  live = true
  /** Neighbours in the order of their newest chunks. */
  before: Capture | null = null
  after: Capture | null = null

  /** @param begin where in each direction's stream it begins */
  constructor(id: number, begin: Record<Direction, number>) {
    this.id = id
    this.in = new Tail(begin.in)
    this.out = new Tail(begin.out)
  }

  get empty(): boolean {
    return this.in.empty && this.out.empty
  }

  /** Chunks with a number over `after`, both directions, oldest first. */
  *since(after: number): Generator<Captured> {
    const ins = this.in.since(after)
    const outs = this.out.since(after)
    let a = ins.next().value
    let b = outs.next().value
    while (a !== undefined || b !== undefined) {
      if (a !== undefined && (b === undefined || a.n < b.n)) {
        yield { direction: 'in', ...a }
        a = ins.next().value
      } else if (b !== undefined) {
        yield { direction: 'out', ...b }
        b = outs.next().value
      }
    }
  }
}

/**
 * The newest bytes of all connections, live and closed. Each direction of each keeps at most `each` bytes, and all together take
 * about `total` bytes of memory: over it, the connection that has been quiet for longest loses its bytes first, oldest first.
 */
export class Captures {
  readonly #each: number
  readonly #total: number
  readonly #byId = new Map<number, Capture>()
  #used = 0
  #dropped = 0
  #quietest: Capture | null = null
  #latest: Capture | null = null

  constructor(each: number, total: number) {
    this.#each = each
    this.#total = total
  }

  /** Memory that is taken, in bytes, as far as it can be told. */
  get used(): number {
    return this.#used
  }

  /** Bytes dropped over `total` since this was asked last. */
  takeDropped(): number {
    const dropped = this.#dropped
    this.#dropped = 0
    return dropped
  }

  begin(id: number, at: Record<Direction, number>): Capture {
    const capture = new Capture(id, at)
    this.#byId.set(id, capture)
    this.#used += CAPTURE_COST
    return capture
  }

  /** Null: it has none, or had one that has been dropped since it closed. */
  get(id: number): Capture | null {
    return this.#byId.get(id) ?? null
  }

  /** Adds a chunk, which must not be changed any more. */
  keep(capture: Capture, n: number, at: number, direction: Direction, chunk: Buffer): void {
    const trail = direction === 'in' ? capture.in : capture.out
    this.#used += trail.append(n, at, chunk, this.#each)
    if (this.#latest !== capture) {
      this.#unlink(capture)
      this.#append(capture)
    }
    while (this.#used > this.#total && this.#quietest !== null) this.#drop(this.#quietest)
  }

  /** Its connection has closed: what is kept of it stays until it is dropped. */
  end(capture: Capture): void {
    capture.live = false
    if (capture.empty) this.#forget(capture)
  }

  #drop(capture: Capture): void {
    const { in: ins, out: outs } = capture
    const trail = ins.oldest < outs.oldest ? ins : outs
    const { from } = trail
    this.#used -= trail.dropOldest()
    this.#dropped += trail.from - from
    if (!capture.empty) return
    this.#unlink(capture)
    if (!capture.live) this.#forget(capture)
  }

  #forget(capture: Capture): void {
    this.#byId.delete(capture.id)
    this.#used -= CAPTURE_COST
  }

  #append(capture: Capture): void {
    capture.before = this.#latest
    if (this.#latest === null) this.#quietest = capture
    else this.#latest.after = capture
    this.#latest = capture
  }

  /** Also of one that is not in the list. */
  #unlink(capture: Capture): void {
    if (capture.before !== null) capture.before.after = capture.after
    else if (this.#quietest === capture) this.#quietest = capture.after
    if (capture.after !== null) capture.after.before = capture.before
    else if (this.#latest === capture) this.#latest = capture.before
    capture.before = capture.after = null
  }
}
