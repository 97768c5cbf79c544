// The blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian.

const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const ENHANCED_PACKET = 6

const BYTE_ORDER_MAGIC = 0x1a2b3c4d
/** Packets begin with their IP header, of either version. */
const LINKTYPE_RAW = 101
/** Timestamps are in microseconds: 10 to the power of minus 6. */
const RESOLUTION = 6
const MICROSECONDS_PER_MS = 1_000n

const OPTION = { end: 0, comment: 1, application: 4, interfaceName: 2, resolution: 9 } as const
/** The length of an option has 16 bits. */
const OPTION_MAX = 0xffff

/** The first block of a file. @param application the program that wrote it */
export function sectionHeader(application: string, comment: string): Buffer {
  const fixed = Buffer.alloc(16)
  fixed.writeUInt32LE(BYTE_ORDER_MAGIC, 0)
  fixed.writeUInt16LE(1, 4)
  // The section's length is unknown, because the file is streamed.
  fixed.writeBigInt64LE(-1n, 8)
  return block(SECTION_HEADER, fixed, options(option(OPTION.comment, comment), option(OPTION.application, application)))
}

/** Describes the one interface that all packets of the file belong to. */
export function interfaceDescription(name: string): Buffer {
  const fixed = Buffer.alloc(8)
  fixed.writeUInt16LE(LINKTYPE_RAW, 0)
  const resolution = option(OPTION.resolution, Buffer.of(RESOLUTION))
  return block(INTERFACE_DESCRIPTION, fixed, options(option(OPTION.interfaceName, name), resolution))
}

/** @param at Unix milliseconds, @param comment shown with the packet; null: none */
export function enhancedPacket(at: number, packet: Buffer, comment: string | null): Buffer {
  const fixed = Buffer.alloc(20)
  const time = BigInt(at) * MICROSECONDS_PER_MS
  fixed.writeUInt32LE(Number(time >> 32n), 4)
  fixed.writeUInt32LE(Number(time & 0xffffffffn), 8)
  fixed.writeUInt32LE(packet.length, 12)
  fixed.writeUInt32LE(packet.length, 16)
  const extra = comment === null ? Buffer.alloc(0) : options(option(OPTION.comment, comment))
  return block(ENHANCED_PACKET, fixed, padded(packet), extra)
}

/** The length comes first and last, so that a file can be read in both directions. */
function block(type: number, ...parts: Buffer[]): Buffer {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0)
  const head = Buffer.alloc(8)
  head.writeUInt32LE(type, 0)
  head.writeUInt32LE(length, 4)
  return Buffer.concat([head, ...parts, head.subarray(4)], length)
}

function options(...all: Buffer[]): Buffer {
  return Buffer.concat([...all, option(OPTION.end, Buffer.alloc(0))])
}

function option(code: number, value: string | Buffer): Buffer {
  const bytes = Buffer.from(value).subarray(0, OPTION_MAX)
  const head = Buffer.alloc(4)
  head.writeUInt16LE(code, 0)
  head.writeUInt16LE(bytes.length, 2)
  return Buffer.concat([head, padded(bytes)])
}

/** Fills up to a multiple of 32 bits. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes], Math.ceil(bytes.length / 4) * 4)
}
