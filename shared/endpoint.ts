import type { Static } from 'typebox'
import type { EndpointModel } from './schema/endpoint.ts'

export type Endpoint = Static<typeof EndpointModel>

const MAPPED = '::ffff:'

/**
 * An IPv4 client of a dual-stack socket has an address such as `::ffff:127.0.0.1` (RFC 4291, 2.5.5.2). Returns the
 * plain `127.0.0.1`.
 */
export function plainAddress(address: string): string {
  return address.startsWith(MAPPED) && address.includes('.') ? address.slice(MAPPED.length) : address
}

export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4
}

/** @returns `127.0.0.1:50000` or `[::1]:50000` (RFC 3986, 3.2.2) */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

/** Placeholder for a client's address that could not be read, in the family of the server's address. */
export function unspecifiedLike(address: string): string {
  return address.includes(':') ? '::' : '0.0.0.0'
}

/** True if the client had reset the connection before the server could read its address. */
export function isUnknownEndpoint({ address, port }: Endpoint): boolean {
  return port === 0 && (address === '0.0.0.0' || address === '::')
}

/** Reads `127.0.0.1:50000` or `[::1]:50000`. @returns null for anything else; the address itself is not validated */
export function parseEndpoint(text: string): Endpoint | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i.exec(text)
  const address = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  return address === undefined || port > 65_535 ? null : { address, port }
}

/** A sort key: keys compare by numeric address, IPv4 first, and then by port. Each character holds 16 bits. */
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

/** Compares sockets by remote endpoint, because the kernel lists sockets in no useful order. */
export function byRemote(a: { remote: Endpoint }, b: { remote: Endpoint }): number {
  return endpointKey(a.remote) < endpointKey(b.remote) ? -1 : 1
}
