import { endpointKey } from '../../../shared/endpoint.ts'
import { type Connection, connectionFields } from '../../../shared/schema/connection.ts'

type Field = keyof Connection

/** Sort keys of fields that are not a single value. */
const KEYS: Partial<Record<Field, (connection: Connection) => number | string>> = {
  local: ({ local }) => endpointKey(local),
  remote: ({ remote }) => endpointKey(remote),
  protocol: ({ protocol }) => protocol?.name ?? '',
  close: ({ close }) => close?.at ?? 0,
  actions: ({ actions }) => actions.length,
  kernel: ({ kernel }) => kernel?.tcpState ?? '',
}

export const SORT_FIELDS = Object.keys(connectionFields)

/** Sorts in place; equal values are ordered by id. @param sort a field's name, with `-` in front for descending order */
export function sortConnections(connections: Connection[], sort: string): void {
  const direction = sort.startsWith('-') ? -1 : 1
  const name = sort.replace(/^-/, '')
  const field: Field = isField(name) ? name : 'id'
  const key = KEYS[field] ?? ((connection: Connection) => plainKey(connection[field]))
  connections.sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    return direction * (x < y ? -1 : x > y ? 1 : a.id - b.id)
  })
}

/** Sorts null first. */
function plainKey(value: unknown): number | string {
  return typeof value === 'string' ? value : value === null ? -1 : Number(value)
}

function isField(name: string): name is Field {
  return Object.hasOwn(connectionFields, name)
}
