import type { PortProblem } from '../../shared/diagnosis.ts'

/** The server counts in windows of 2 s. A flood may begin in the window before the first one with many connections. */
const WINDOW_MS = 2_000

/** Addresses kept of one flood. The counts of others are missing, which the words "at least" allow for. */
const ADDRESSES_MAX = 100

/** Floods whose late closes still find their line. */
const FLOODS_MAX = 20

/** One flood, as the server has reported it. The server names the worst address at a time, so there may be several. */
export interface Flood {
  /** The newest report of each address. */
  readonly addresses: ReadonlyMap<string, PortProblem>
  /** The time of the flood's last window with many connections, and whether the page saw the end. Null: the flood has not ended. */
  over: { at: number; seen: boolean } | null
}

/** Follows the floods among the problems of the port. */
export class Floods {
  #floods: { flood: Flood; addresses: Map<string, PortProblem> }[] = []

  /**
   * Takes the problems of the port.
   * @param watched false: the page has missed earlier reports
   * @returns the flood that they begin, change or end; null: none
   */
  take(problems: readonly PortProblem[], watched: boolean): Flood | null {
    const problem = problems.find(({ code }) => code === 'flooding')
    const newest = this.#floods.at(-1)
    const current = newest?.flood.over === null ? newest : undefined
    if (problem === undefined) {
      if (current === undefined) return null
      current.flood.over = { at: lastAtOf(current.flood), seen: watched }
      return current.flood
    }
    const address = problem.evidence.address ?? ''
    const going = current ?? this.#begin()
    if (going.addresses.has(address) || going.addresses.size < ADDRESSES_MAX) going.addresses.set(address, problem)
    return going.flood
  }

  /** The flood to which a connection belongs. @param at when it was accepted or refused */
  of(address: string | null, at: number): Flood | null {
    if (address === null) return null
    return this.#floods.findLast(({ flood }) => isOf(flood, address, at))?.flood ?? null
  }

  clear(): void {
    this.#floods = []
  }

  #begin() {
    const addresses = new Map<string, PortProblem>()
    const begun = { addresses, flood: { addresses, over: null } satisfies Flood as Flood }
    this.#floods = [...this.#floods, begun].slice(-FLOODS_MAX)
    return begun
  }
}

/** Whether a connection that was accepted or refused at this time is one of the flood. */
export function isOf({ addresses, over }: Flood, address: string, at: number): boolean {
  const problem = addresses.get(address)
  return problem !== undefined && at >= problem.since - WINDOW_MS && (over === null || at <= over.at)
}

/** When the flood began. */
export function sinceOf({ addresses }: Flood): number {
  return Math.min(...[...addresses.values()].map(({ since }) => since))
}

function lastAtOf(flood: Flood): number {
  return Math.max(...[...flood.addresses.values()].map(({ since, evidence }) => evidence.lastAt ?? since))
}

/** How many connections the server has counted at least, and how many of them it refused. */
export function countsOf({ addresses }: Flood): { connections: number; refused: number } {
  let [connections, refused] = [0, 0]
  for (const { evidence } of addresses.values()) {
    connections += evidence.connections
    refused += evidence.refused ?? 0
  }
  return { connections, refused }
}
