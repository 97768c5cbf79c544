import { problemRank } from '../../../shared/diagnosis.ts'
import { endpointKey } from '../../../shared/endpoint.ts'
import { type Entry, type SampleTimes, toConnection } from '../../table/entry.ts'
import { sortInTurns, turn } from '../lists/turns.ts'
import { type Connection, connectionFields } from '../../../shared/schema/connection.ts'

type Field = keyof Connection

/** Keys taken in one turn of the event loop. */
const KEYS_A_TURN = 1_000

/** Sort keys of fields that are not a single value. */
const KEYS: Partial<Record<Field, (connection: Connection) => number | string>> = {
  local: ({ local }) => endpointKey(local),
  remote: ({ remote }) => endpointKey(remote),
  protocol: ({ protocol }) => protocol?.name ?? '',
  close: ({ close }) => close?.at ?? 0,
  problem: ({ problem }) => problemRank(problem),
  actions: ({ actions }) => actions.length,
  kernel: ({ kernel }) => kernel?.tcpState ?? '',
  otherEnd: ({ otherEnd }) => otherEnd?.tcpState ?? '',
}

export const SORT_FIELDS = Object.keys(connectionFields)

/**
 * Equal values are ordered by id. The keys are taken while the list is sorted, so a value that changes meanwhile may be
 * out of its place.
 * @param sort a field's name, with `-` in front for descending order
 */
export async function sortEntries(entries: readonly Entry[], sampled: SampleTimes, sort: string): Promise<Entry[]> {
  const direction = sort.startsWith('-') ? -1 : 1
  const name = sort.replace(/^-/, '')
  const field: Field = isField(name) ? name : 'id'
  const key = KEYS[field] ?? ((connection: Connection) => plainKey(connection[field]))
  // For each entry only once, because a comparison would take it again.
  const keyed: { entry: Entry; key: number | string }[] = []
  for (const entry of entries) {
    if (keyed.length % KEYS_A_TURN === KEYS_A_TURN - 1) await turn()
    keyed.push({ entry, key: field === 'id' ? entry.id : key(toConnection(entry, sampled)) })
  }
  const sorted = await sortInTurns(
    keyed,
    (a, b) => direction * (a.key < b.key ? -1 : a.key > b.key ? 1 : a.entry.id - b.entry.id),
  )
  return sorted.map(({ entry }) => entry)
}

/** Sorts null and absent values first. */
function plainKey(value: unknown): number | string {
  return typeof value === 'string' ? value : Number(value ?? -1)
}

function isField(name: string): name is Field {
  return Object.hasOwn(connectionFields, name)
}
