import type { Connection } from '../../../shared/connection.ts'
import { type Endpoint } from '../../../shared/endpoint.ts'

type Key = (connection: Connection) => number | string

const KEYS = {
  id: (c) => c.id,
  family: (c) => c.family,
  local: (c) => endpointKey(c.local),
  remote: (c) => endpointKey(c.remote),
  pid: (c) => c.pid,
  fd: (c) => c.fd ?? -1,
  openedAt: (c) => c.openedAt,
  lastActivityAt: (c) => c.lastActivityAt,
  halfClosedAt: (c) => c.halfClosedAt ?? 0,
  bytesIn: (c) => c.bytesIn,
  bytesOut: (c) => c.bytesOut,
  chunksIn: (c) => c.chunksIn,
  chunksOut: (c) => c.chunksOut,
  state: (c) => c.state,
  close: (c) => c.close?.at ?? 0,
} satisfies Record<string, Key>

export const SORT_FIELDS = Object.keys(KEYS)

/** In place; `sort` is a field's name, `-` before it for descending; equal ones by id. */
export function sortConnections(connections: Connection[], sort: string): void {
  const direction = sort.startsWith('-') ? -1 : 1
  const field = sort.replace(/^-/, '')
  const key: Key = KEYS[field as keyof typeof KEYS] ?? KEYS.id
  connections.sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    return direction * (x < y ? -1 : x > y ? 1 : a.id - b.id)
  })
}

/** Orders IPv4 addresses by number, as people do: .9 before .100. */
function endpointKey({ address, port }: Endpoint): string {
  const parts = address.includes(':') ? [address] : address.split('.').map((part) => part.padStart(3, '0'))
  return `${parts.join('.')} ${String(port).padStart(5, '0')}`
}
