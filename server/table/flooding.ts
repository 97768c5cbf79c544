import type { PortProblem } from '../../shared/schema/problem.ts'

/** New connections are counted for this long, in milliseconds. */
const WINDOW_MS = 2_000
/** As many windows in a row make a flood. A burst, however large, touches two at most. */
const WINDOWS = 3
/** New connections a second of one address that are many. */
const MANY_A_SECOND = 100
/** A flood ends below this rate. The lower limit keeps it one flood if the client slows down for a few seconds. */
const LEAST_A_SECOND = 50
/** How long a flood stays a problem after its last window, in milliseconds. */
const STAYS_MS = 5_000
/** Addresses counted in a window. Those that come later wait for the next one. */
const ADDRESSES_MAX = 10_000

interface Flood {
  since: number
  /** The end of the last window that had many. */
  lastAt: number
  windows: number
  connections: number
  refused: number
  perSecond: number
}

interface Count {
  connections: number
  refused: number
}

/** Finds a client address that keeps opening many connections a second, accepted or refused. */
export class Flooding {
  readonly #counts = new Map<string, Count>()
  readonly #floods = new Map<string, Flood>()
  #startedAt: number | null = null

  /** @param address empty: unknown */
  opened(address: string, refused: boolean): void {
    if (address === '') return
    let count = this.#counts.get(address)
    if (count === undefined) {
      if (this.#counts.size >= ADDRESSES_MAX) return
      count = { connections: 0, refused: 0 }
      this.#counts.set(address, count)
    }
    count.connections++
    if (refused) count.refused++
  }

  /** The address with the highest rate. @param now Unix milliseconds */
  worst(now: number): PortProblem | null {
    this.#startedAt ??= now
    if (now - this.#startedAt >= WINDOW_MS) this.#close(this.#startedAt, now)
    let worst: PortProblem | null = null
    for (const [address, { windows, since, connections, refused, perSecond, lastAt }] of this.#floods) {
      if (windows < WINDOWS || perSecond <= (worst?.evidence.perSecond ?? 0)) continue
      worst = { code: 'flooding', since, evidence: { address, connections, refused, perSecond, lastAt } }
    }
    return worst
  }

  has(address: string): boolean {
    return (this.#floods.get(address)?.windows ?? 0) >= WINDOWS
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    if (this.#startedAt !== null) this.#startedAt += ms
    for (const flood of this.#floods.values()) {
      flood.since += ms
      flood.lastAt += ms
    }
  }

  #close(start: number, end: number): void {
    for (const [address, count] of this.#counts) {
      const perSecond = Math.round((count.connections * 1_000) / (end - start))
      const before = this.#floods.get(address)
      if (perSecond < (this.has(address) ? LEAST_A_SECOND : MANY_A_SECOND)) continue
      this.#floods.set(address, {
        since: before?.since ?? start,
        lastAt: end,
        windows: (before?.windows ?? 0) + 1,
        connections: (before?.connections ?? 0) + count.connections,
        refused: (before?.refused ?? 0) + count.refused,
        perSecond,
      })
    }
    for (const [address, { windows, lastAt }] of this.#floods) {
      if (lastAt < end && (windows < WINDOWS || end - lastAt >= STAYS_MS)) this.#floods.delete(address)
    }
    this.#counts.clear()
    this.#startedAt = end
  }
}
