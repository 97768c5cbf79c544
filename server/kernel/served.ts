import { endpointKey, plainAddress, withoutZone } from '../../shared/endpoint.ts'
import { AF_INET } from './constants.ts'
import { FAMILY, ipv4At } from './inet-diag.ts'

/** Whether the address in this field of a socket's inet_diag_msg is one that the listening socket serves. */
export type Served = (message: Buffer, at: number, field: number) => boolean

/**
 * Tells the sockets of a listening socket from those of another program that listens on the same port of another address.
 * @param host the listening socket's address; `::` is dual-stack
 */
export function servedBy(host: string): Served {
  const address = plainAddress(withoutZone(host))
  if (address === '::') return () => true
  if (address === '0.0.0.0') return (message, at, field) => ipv4At(message, at, field) >= 0
  const bytes = bytesOf(address)
  return (message, at, field) => {
    const place = bytes.length === 4 ? ipv4At(message, at, field) : message[at + FAMILY] === AF_INET ? -1 : at + field
    return place >= 0 && message.compare(bytes, 0, bytes.length, place, place + bytes.length) === 0
  }
}

/** Four or sixteen bytes in network order. */
function bytesOf(address: string): Buffer {
  const words = endpointKey({ address, port: 0 }).slice(1, -1)
  const bytes = Buffer.alloc(2 * words.length)
  for (let i = 0; i < words.length; i++) bytes.writeUInt16BE(words.charCodeAt(i), 2 * i)
  return bytes
}
