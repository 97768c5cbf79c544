import { networkInterfaces } from 'node:os'
import { familyOf, plainAddress } from '../shared/endpoint.ts'

/** Whether packets to this IP address stay on this machine; all of 127.0.0.0/8 do, on Linux. */
export function isOwnAddress(address: string): boolean {
  const plain = plainAddress(address)
  if (plain === '::1' || plain.startsWith('127.')) return true
  return Object.values(networkInterfaces()).some((entries) => entries?.some((entry) => entry.address === plain))
}

/** The addresses, IPv4 first, at which other machines reach what is bound to `host`. */
export function reachableAddresses(host: string): string[] {
  const entries = Object.values(networkInterfaces()).flatMap((entries) => entries ?? [])
  const own = entries
    // A link-local IPv6 address means something only together with a link of the machine that asks (RFC 4007).
    .filter(({ internal, scopeid }) => !internal && !scopeid)
    .map(({ address }) => address)
    .sort((a, b) => familyOf(a) - familyOf(b))
  if (host === '::') return own
  return own.filter((address) => (host === '0.0.0.0' ? familyOf(address) === 4 : address === host))
}
