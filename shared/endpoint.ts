import type { Static } from 'typebox'
import type { EndpointModel } from './schema/endpoint.ts'

export type Endpoint = Static<typeof EndpointModel>

const MAPPED = '::ffff:'

/**
 * An IPv4 client of a dual-stack socket arrives as `::ffff:127.0.0.1` (RFC 4291, 2.5.5.2); people know it as `127.0.0.1`.
 */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED) && address.includes('.') ? address.slice(MAPPED.length) : address
}

export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4
}

/** `127.0.0.1:50000`, `[::1]:50000` (RFC 3986, 3.2.2). */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** Stands for a client's address that could no longer be read, in the family of our own. */
export function unspecifiedLike(address: string): string {
  return address.includes(':') ? '::' : '0.0.0.0'
}

/** True when the client's endpoint could no longer be read at accept: it had reset the connection by then. */
export function isUnknownEndpoint({ address, port }: Endpoint): boolean {
  return port === 0 && (address === '0.0.0.0' || address === '::')
}

/** `127.0.0.1:50000`, `[::1]:50000`; null for anything else. Whether the address is one is for the caller to check. */
export function parseEndpoint(text: string): Endpoint | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(text)
  const address = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return address === undefined || port > 65_535 ? null : { address, port }
}

/**
 * A sort key: `<` orders the keys by address as a number, IPv4 first, and then by port. It has 16 bits in each character.
 */
export function endpointKey({ address, port }: Endpoint): string {
  if (!address.includes(':')) {
    const [a, b, c, d] = address.split('.').map(Number)
    return String.fromCharCode(4, ((a ?? 0) << 8) | (b ?? 0), ((c ?? 0) << 8) | (d ?? 0), port)
  }
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const end = tail === '' ? [] : tail.split(':')
  while (groups.length + end.length < 8) groups.push('0')
  return String.fromCharCode(6, ...[...groups, ...end].map((group) => parseInt(group, 16)), port)
}

/** Sorts sockets by their remote endpoint: a kernel dump has no order. */
export function byRemote(a: { remote: Endpoint }, b: { remote: Endpoint }): number {
  return endpointKey(a.remote) < endpointKey(b.remote) ? -1 : 1
}
