import type { Endpoint } from '../../shared/endpoint.ts'
import { withoutZone } from '../../shared/endpoint.ts'

// IP packets with one TCP segment each (RFC 791, RFC 8200, RFC 9293).

export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10

/** The largest segment that fits into an IPv4 packet without options. */
export const SEGMENT_BYTES = 0xffff - 20 - 20

const TCP = 6
const HOPS = 64
const WINDOW = 0xffff
const DONT_FRAGMENT = 0x4000
const TCP_HEADER = 20

export interface Segment {
  sequence: number
  /** Ignored unless the ACK flag is set. */
  acknowledged: number
  flags: number
  data: Buffer
}

/** Builds the packets from one end to the other, with valid checksums. */
export class Sender {
  readonly #ip: (tcpLength: number) => Buffer
  readonly #ports: readonly [source: number, destination: number]
  /** The sum of the pseudo-header's addresses and protocol. */
  readonly #pseudo: number

  constructor(from: Endpoint, to: Endpoint) {
    const v6 = from.address.includes(':')
    const addresses = Buffer.concat([addressBytes(from.address), addressBytes(to.address)])
    this.#ip = v6 ? (length) => ipv6(addresses, length) : (length) => ipv4(addresses, length)
    this.#ports = [from.port, to.port]
    this.#pseudo = sum(addresses, TCP)
  }

  packet({ sequence, acknowledged, flags, data }: Segment): Buffer {
    // The only option: both ends announce the largest segment when the connection opens.
    const options = flags & SYN ? Buffer.of(2, 4, SEGMENT_BYTES >> 8, SEGMENT_BYTES & 0xff) : Buffer.alloc(0)
    const header = Buffer.alloc(TCP_HEADER)
    header.writeUInt16BE(this.#ports[0], 0)
    header.writeUInt16BE(this.#ports[1], 2)
    header.writeUInt32BE(sequence, 4)
    header.writeUInt32BE(flags & ACK ? acknowledged : 0, 8)
    header.writeUInt8(((TCP_HEADER + options.length) / 4) << 4, 12)
    header.writeUInt8(flags, 13)
    header.writeUInt16BE(WINDOW, 14)
    const tcp = Buffer.concat([header, options, data])
    tcp.writeUInt16BE(checksum(sum(tcp, this.#pseudo + tcp.length)), 16)
    return Buffer.concat([this.#ip(tcp.length), tcp])
  }
}

function ipv4(addresses: Buffer, length: number): Buffer {
  const header = Buffer.alloc(20)
  header.writeUInt8(0x45, 0)
  header.writeUInt16BE(header.length + length, 2)
  header.writeUInt16BE(DONT_FRAGMENT, 6)
  header.writeUInt8(HOPS, 8)
  header.writeUInt8(TCP, 9)
  addresses.copy(header, 12)
  header.writeUInt16BE(checksum(sum(header, 0)), 10)
  return header
}

function ipv6(addresses: Buffer, length: number): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt8(0x60, 0)
  header.writeUInt16BE(length, 4)
  header.writeUInt8(TCP, 6)
  header.writeUInt8(HOPS, 7)
  return Buffer.concat([header, addresses])
}

/** Adds the 16-bit words of the bytes to a sum (RFC 1071). 64 KiB cannot overflow it. */
function sum(bytes: Buffer, start: number): number {
  let total = start
  const even = bytes.length & ~1
  for (let at = 0; at < even; at += 2) total += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  return even === bytes.length ? total : total + ((bytes[even] ?? 0) << 8)
}

function checksum(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return ~folded & 0xffff
}

/** @param address IPv4 in decimals, or IPv6 as RFC 5952 asks, with or without a zone */
function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = withoutZone(address).split('::')
  const groups = (text: string | undefined): string[] => (text ?? '').split(':').filter(Boolean)
  const [begin, end] = [groups(head), groups(tail)]
  const zeros = Array.from({ length: 8 - begin.length - end.length }, () => '0')
  return Buffer.from([...begin, ...zeros, ...end].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
