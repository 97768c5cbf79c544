import type { PortProblem } from '../../shared/schema/problem.ts'

/** New connections are counted for this long, in milliseconds. */
const WINDOW_MS = 2_000
/** As many windows in a row make a flood. A burst, however large, touches two at most. */
const WINDOWS = 3
/** New connections a second of one address that are many. */
const MANY_A_SECOND = 100
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
  perSecond: number
}

/** Finds a client address that keeps opening many connections a second, accepted or refused. */
export class Flooding {
  readonly #counts = new Map<string, number>()
  readonly #floods = new Map<string, Flood>()
  #startedAt: number | null = null

  /** @param address empty: unknown */
  opened(address: string): void {
    if (address === '') return
    const count = this.#counts.get(address)
    if (count !== undefined || this.#counts.size < ADDRESSES_MAX) this.#counts.set(address, (count ?? 0) + 1)
  }

  /** The address with the highest rate. @param now Unix milliseconds */
  worst(now: number): PortProblem | null {
    this.#startedAt ??= now
    if (now - this.#startedAt >= WINDOW_MS) this.#close(this.#startedAt, now)
    let worst: PortProblem | null = null
    for (const [address, { windows, since, connections, perSecond }] of this.#floods) {
      if (windows < WINDOWS || perSecond <= (worst?.evidence.perSecond ?? 0)) continue
      worst = { code: 'flooding', since, evidence: { address, connections, perSecond } }
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
      const perSecond = Math.round((count * 1_000) / (end - start))
      if (perSecond < MANY_A_SECOND) continue
      const { since, windows, connections } = this.#floods.get(address) ?? { since: start, windows: 0, connections: 0 }
      this.#floods.set(address, {
        since,
        lastAt: end,
        windows: windows + 1,
        connections: connections + count,
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
