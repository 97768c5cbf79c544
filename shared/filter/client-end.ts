import type { Connection } from '../connection.ts'
import { isUnknownEndpoint, readAddress, withoutZone } from '../endpoint.ts'
import { readNetwork, readRange } from './addresses.ts'
import type { Test } from './subject.ts'

// The values of `ip:`, `ip=` and `port:`, which are about the client's end. Null: the term does not take this value.

/** One port, or a range. */
export function readPorts(value: string): Test | null {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(value) ?? []
  if (first === undefined || Number(first) > Number(last)) return null
  return ({ connection: { remote } }) => remote.port >= Number(first) && remote.port <= Number(last)
}

/** A network, a range, or the start of an address. */
export function readIp(value: string): Test | null {
  return network(value) ?? addressStart(value)
}

function network(value: string): Test | null {
  const contains = readNetwork(value) ?? readRange(value)
  if (contains === null) return null
  // The placeholder for an unknown address is not in any network.
  return ({ connection: { remote } }) => !isUnknownEndpoint(remote) && contains(withoutZone(remote.address))
}

/** Null for what is neither a network nor a range. Only a zone may contain a hyphen. */
function addressStart(value: string): Test | null {
  if (/^[^%]*[/-]/.test(value)) return null
  const start = readAddress(value) ?? value
  return ({ connection }) => addressOf(connection).startsWith(start)
}

export function exactAddress(value: string): Test {
  const address = readAddress(value) ?? value
  return ({ connection }) => addressOf(connection) === address
}

/** In lower case, as the filter's value is: an interface's name may have capitals (`fe80::1%enP1`). */
function addressOf({ remote }: Connection): string {
  return remote.address.toLowerCase()
}
