import { type PortProblem, type Problem, problemRank } from '../../shared/diagnosis.ts'
import { endpointKey } from '../../shared/endpoint.ts'
import type { AddressGroup } from './groups.ts'

export const CLIENT_COLUMNS = ['address', 'live', 'closed', 'problem', 'bytesIn', 'bytesOut', 'lastAt'] as const
export type ClientColumn = (typeof CLIENT_COLUMNS)[number]

export interface ClientSort {
  column: ClientColumn
  descending: boolean
}

/** Numbers, times and problems; they sort from the largest first. */
export const isNumeric = (column: ClientColumn): boolean => column !== 'address'

/** Problems of the port that one address causes. */
export type Trouble = 'flooding' | 'reconnecting'
type Troubles = ReadonlyMap<string, Trouble>

/** What the addresses cause, by address. The server names the worst address of each problem. */
export function troublesIn(problems: readonly Pick<PortProblem, 'code' | 'evidence'>[]): Troubles {
  const found = new Map<string, Trouble>()
  for (const { code, evidence } of problems) {
    if (code !== 'flooding' && code !== 'reconnecting') continue
    if (evidence.address !== undefined) found.set(evidence.address, code)
  }
  return found
}

/** Less than each problem of a connection. */
const TROUBLE_RANK = 0.5

const KEYS: Record<ClientColumn, (group: AddressGroup, troubles: Troubles) => number | string> = {
  address: ({ address }) => (address === '' ? '' : endpointKey({ address, port: 0 })),
  live: ({ rows }) => rows.size,
  closed: closedOf,
  problem: (group, troubles) => problemRank(worstOf(group)) || (troubles.has(group.address) ? TROUBLE_RANK : 0),
  bytesIn: ({ bytesIn }) => bytesIn,
  bytesOut: ({ bytesOut }) => bytesOut,
  lastAt: ({ lastAt }) => lastAt,
}

export function closedOf({ all, rows }: AddressGroup): number {
  return all - rows.size
}

/** The weightiest problem of the address's live connections. */
export function worstOf({ sick }: AddressGroup): Problem | null {
  let worst: Problem | null = null
  for (const { problem } of sick) if (problemRank(problem) > problemRank(worst)) worst = problem
  return worst
}

/** Which addresses are listed, and in what order. Nothing moves while a person points at them. */
export class ClientOrder {
  sort: ClientSort = { column: 'problem', descending: true }
  groups: readonly AddressGroup[] = []
  troubles: Troubles = new Map()
  /** Addresses that came while the rows were held. */
  waiting = 0

  /** @param held leave every listed address where it is */
  arrange(all: ReadonlyMap<string, AddressGroup>, held: boolean): void {
    if (held && this.groups.length > 0) {
      const listed = new Set(this.groups)
      this.waiting = [...all.values()].filter((group) => !listed.has(group)).length
      return
    }
    const key = KEYS[this.sort.column]
    const sign = this.sort.descending ? -1 : 1
    // Each key is computed once; comparing addresses would read them again and again.
    const keyed = Array.from(all.values(), (group) => ({ group, key: key(group, this.troubles) }))
    keyed.sort((a, b) => sign * compare(a.key, b.key) || b.group.rows.size - a.group.rows.size)
    this.groups = keyed.map(({ group }) => group)
    this.waiting = 0
  }
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
