import { expect } from 'vitest'

// An independent reader of pcapng files with raw IP packets of TCP.

export interface Block {
  type: number
  body: Buffer
}

/** A TCP segment with its time and comment. */
export interface Packet {
  /** Microseconds since the epoch. */
  at: bigint
  source: string
  sourcePort: number
  destination: string
  destinationPort: number
  sequence: number
  acknowledged: number
  flags: string
  data: Buffer
  comment: string | null
}

/** The blocks of a file. Fails unless both lengths of each block agree and the last block ends the file. */
export function readBlocks(file: Buffer): Block[] {
  const blocks: Block[] = []
  let at = 0
  while (at < file.length) {
    const length = file.readUInt32LE(at + 4)
    expect(length % 4).toBe(0)
    expect(file.readUInt32LE(at + length - 4)).toBe(length)
    blocks.push({ type: file.readUInt32LE(at), body: file.subarray(at + 8, at + length - 4) })
    at += length
  }
  expect(at).toBe(file.length)
  return blocks
}

/** The options that follow a block's fixed part, by their codes. */
export function readOptions(bytes: Buffer): Record<number, Buffer> {
  const options: Record<number, Buffer> = {}
  let at = 0
  while (at < bytes.length) {
    const [code, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)]
    if (code === 0) break
    options[code] = bytes.subarray(at + 4, at + 4 + length)
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
  return options
}

/** The section's comment and the packets of a file with one section and one interface. */
export function readFile(file: Buffer): { comment: string; packets: Packet[] } {
  const [section, description, ...packets] = readBlocks(file)
  expect([section?.type, description?.type]).toEqual([0x0a0d0d0a, 1])
  const comment = String(readOptions(section?.body.subarray(16) ?? Buffer.alloc(0))[1])
  return { comment, packets: packets.map(readPacket) }
}

function readPacket({ type, body }: Block): Packet {
  expect(type).toBe(6)
  const at = (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8))
  const length = body.readUInt32LE(12)
  expect(body.readUInt32LE(16)).toBe(length)
  const comment = readOptions(body.subarray(20 + Math.ceil(length / 4) * 4))[1]
  return { at, ...readSegment(body.subarray(20, 20 + length)), comment: comment === undefined ? null : String(comment) }
}

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK']

/** Fails if a length or a checksum is wrong. */
export function readSegment(packet: Buffer): Omit<Packet, 'at' | 'comment'> {
  const v6 = packet.readUInt8(0) >> 4 === 6
  const header = v6 ? 40 : 20
  expect(v6 ? packet.readUInt16BE(4) + header : packet.readUInt16BE(2)).toBe(packet.length)
  const addresses = v6 ? packet.subarray(8, 40) : packet.subarray(12, 20)
  if (!v6) expect(onesSum(packet.subarray(0, 20))).toBe(0xffff)
  const tcp = packet.subarray(header)
  const pseudo = Buffer.alloc(8)
  pseudo.writeUInt32BE(tcp.length, 0)
  pseudo.writeUInt32BE(6, 4)
  expect(onesSum(Buffer.concat([addresses, pseudo, tcp]))).toBe(0xffff)
  const half = addresses.length / 2
  const flags = FLAGS.filter((_, bit) => (tcp.readUInt8(13) >> bit) & 1)
  return {
    source: addressText(addresses.subarray(0, half)),
    sourcePort: tcp.readUInt16BE(0),
    destination: addressText(addresses.subarray(half)),
    destinationPort: tcp.readUInt16BE(2),
    sequence: tcp.readUInt32BE(4),
    acknowledged: tcp.readUInt32BE(8),
    flags: flags.join(' '),
    data: tcp.subarray((tcp.readUInt8(12) >> 4) * 4),
  }
}

/** The ones' complement sum of 16-bit words; 0xffff for bytes that include their checksum (RFC 1071). */
function onesSum(bytes: Buffer): number {
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)])
  let sum = 0
  for (let at = 0; at < even.length; at += 2) {
    sum += even.readUInt16BE(at)
    if (sum > 0xffff) sum -= 0xffff
  }
  return sum
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(group * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
