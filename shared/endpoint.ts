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

/**
 * Reads an IP address in any spelling, with or without brackets, and writes it as everywhere here: IPv6 as RFC 5952
 * asks, a mapped IPv4 address as IPv4.
 * @returns null for anything else
 */
export function readAddress(text: string): string | null {
  const [, address = '', zone] = /^([^%]*)(?:%([^%/\s]{1,15}))?$/.exec(text.replace(/^\[(.*)\]$/, '$1')) ?? []
  if (!address.includes(':')) return zone === undefined && isIpv4(address) ? address : null
  if (/[^0-9a-f:.]/i.test(address) || !URL.canParse(`http://[${address}]`)) return null
  const plain = unmapped(new URL(`http://[${address}]`).hostname.slice(1, -1))
  if (zone === undefined) return plain
  return isLinkLocal(plain) ? `${plain}%${zone}` : null
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
}

/** The URL parser writes `::ffff:127.0.0.1` as `::ffff:7f00:1`. */
function unmapped(address: string): string {
  const [, high, low] = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(address) ?? []
  if (high === undefined || low === undefined) return address
  return [high, low]
    .map((group) => parseInt(group, 16))
    .flatMap((word) => [word >> 8, word & 0xff])
    .join('.')
}

/** Exists once on each interface, so only its zone makes it unique: `fe80::1%eth0` (RFC 4007). */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/.test(address)
}

/** @returns `fe80::1` for `fe80::1%eth0` */
export function withoutZone(address: string): string {
  return address.replace(/%.*$/, '')
}

/** An address without a zone may be one on any interface: many tools and /proc leave the zone out. */
export function sameAddress(a: string, b: string): boolean {
  return a === b || (a.includes('%') !== b.includes('%') && withoutZone(a) === withoutZone(b))
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
  return port === 0 && isWildcard(address)
}

/** Reads `127.0.0.1:50000`, `[::1]:50000` or, as `ss` writes it, `[fe80::1]%eth0:50000`. @returns null for anything else */
export function parseEndpoint(text: string): Endpoint | null {
  const [, bracketed, zone = '', plain = '', digits] =
    /^(?:\[([^[\]]+)\](%[^:]+)?|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? []
  const address = readAddress(bracketed === undefined ? plain : bracketed + zone)
  const port = Number(digits)
  return address === null || port > 65_535 ? null : { address, port }
}

/** A sort key: keys compare by numeric address, IPv4 first, and then by port. Each character holds 16 bits. */
export function endpointKey({ address, port }: Endpoint): string {
  return String.fromCharCode(familyOf(address)) + addressKey(address) + String.fromCharCode(port)
}

/** The bits of an address, 16 in each character. The keys of one family compare like the addresses. A zone is left out. */
export function addressKey(address: string): string {
  if (!address.includes(':')) {
    const [a, b, c, d] = address.split('.').map(Number)
    return String.fromCharCode(((a ?? 0) << 8) | (b ?? 0), ((c ?? 0) << 8) | (d ?? 0))
  }
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const end = tail === '' ? [] : tail.split(':')
  while (groups.length + end.length < 8) groups.push('0')
  return String.fromCharCode(...[...groups, ...end].map((group) => parseInt(group, 16)))
}

/** Compares sockets by remote endpoint, because the kernel lists sockets in no useful order. */
export function byRemote(a: { remote: Endpoint }, b: { remote: Endpoint }): number {
  return endpointKey(a.remote) < endpointKey(b.remote) ? -1 : 1
}

/** Whether a socket bound to this address has every address of the machine (ip(7), ipv6(7)). */
export function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}
