import type { Direction } from '../../shared/payload.ts'
import { type Kept, Tail } from './tail.ts'

/** Estimated bytes of memory per capture, without its segments. */
const CAPTURE_COST = 400
/** A chunk, possibly without its first bytes. */
export type Captured = Kept & { direction: Direction }

/** The captured bytes of one connection. */
export class Capture {
  readonly id: number
  readonly in: Tail
  readonly out: Tail
  /** False once the connection has closed. */
  live = true
  /** Linked list, ordered by each capture's newest chunk. */
  before: Capture | null = null
  after: Capture | null = null

  /** @param begin stream offset at which each direction starts */
  constructor(id: number, begin: Record<Direction, number>) {
    this.id = id
    this.in = new Tail(begin.in)
    this.out = new Tail(begin.out)
  }

  get empty(): boolean {
    return this.in.empty && this.out.empty
  }

  /** Chunks numbered above `after`, both directions, oldest first. */
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
 * The newest bytes of all connections, live and closed. Each direction keeps at most `each` bytes. All captures
 * together use about `total` bytes of memory; above that, the connection that has been quiet longest loses its oldest
 * bytes first.
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

  /** Estimated memory in use, in bytes. */
  get used(): number {
    return this.#used
  }

  /** Bytes dropped because of `total` since the last call. */
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

  /** Null: nothing was captured, or everything was dropped after the close. */
  get(id: number): Capture | null {
    return this.#byId.get(id) ?? null
  }

  /** Those of now. A search reads them in turns, and others come meanwhile. */
  all(): Capture[] {
    return [...this.#byId.values()]
  }

  /** Adds a chunk. The caller must not modify it afterwards. */
  keep(capture: Capture, n: number, at: number, direction: Direction, chunk: Buffer): void {
    const trail = direction === 'in' ? capture.in : capture.out
    this.#used += trail.append(n, at, chunk, this.#each)
    if (this.#latest !== capture) {
      this.#unlink(capture)
      this.#append(capture)
    }
    while (this.#used > this.#total && this.#quietest !== null) this.#drop(this.#quietest)
  }

  /** Marks the connection as closed. Its bytes stay until the limit drops them. */
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

  /** Safe to call for a capture that is not in the list. */
  #unlink(capture: Capture): void {
    if (capture.before !== null) capture.before.after = capture.after
    else if (this.#quietest === capture) this.#quietest = capture.after
    if (capture.after !== null) capture.after.before = capture.before
    else if (this.#latest === capture) this.#latest = capture.before
    capture.before = capture.after = null
  }
}
