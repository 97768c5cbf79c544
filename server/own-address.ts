import { networkInterfaces } from 'node:os'
import { familyOf, isLinkLocal, plainAddress, sameAddress } from '../shared/endpoint.ts'

/** Whether packets to this IP address stay on this machine. On Linux that includes all of 127.0.0.0/8. */
export function isOwnAddress(address: string): boolean {
  const plain = plainAddress(address)
  if (plain === '::1' || plain.startsWith('127.')) return true
  return Object.entries(networkInterfaces()).some(([zone, entries]) =>
    entries?.some((entry) =>
      sameAddress(plain, isLinkLocal(entry.address) ? `${entry.address}%${zone}` : entry.address),
    ),
  )
}

/** Addresses at which other machines can reach a socket bound to `host`, IPv4 first. */
export function reachableAddresses(host: string): string[] {
  const entries = Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])
  const own = entries
    // A link-local IPv6 address is useless to others, because it needs the name of their own interface (RFC 4007).
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => address)
    .sort((a, b) => familyOf(a) - familyOf(b))
  if (host === '::') return own
  return own.filter((address) => (host === '0.0.0.0' ? familyOf(address) === 4 : address === host))
}
