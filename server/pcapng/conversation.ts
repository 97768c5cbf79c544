import type { Endpoint } from '../../shared/endpoint.ts'
import type { Direction } from '../../shared/payload.ts'
import { enhancedPacket } from './blocks.ts'
import { ACK, FIN, PSH, RST, SEGMENT_BYTES, Sender, SYN } from './packet.ts'

/** Not 0, which some programs take for an unknown number. */
const FIRST_SEQUENCE = 0x0100_0000
const SEQUENCES = 2 ** 32
/** A segment that is further ahead looks like an older one (RFC 9293, 3.4). */
const AHEAD_MAX = 2 ** 31
const NOTHING: Buffer = Buffer.alloc(0)

/** Turns what happened on one connection into pcapng blocks, with the sequence numbers that each step has. */
export class Conversation {
  readonly #sides: Record<Direction, Side>

  constructor(client: Endpoint, server: Endpoint) {
    this.#sides = {
      in: { sender: new Sender(client, server), next: FIRST_SEQUENCE, offset: 0 },
      out: { sender: new Sender(server, client), next: FIRST_SEQUENCE, offset: 0 },
    }
  }

  /** The three-way handshake. */
  *open(at: number): Generator<Buffer> {
    yield this.#send('in', at, SYN)
    yield this.#send('out', at, SYN | ACK)
    yield this.#send('in', at, ACK)
  }

  /** Bytes at an offset of the direction's stream. Bytes that are missing before them leave a gap. */
  *data(direction: Direction, at: number, offset: number, bytes: Buffer): Generator<Buffer> {
    let comment = this.#skipTo(direction, offset)
    for (let start = 0; start < bytes.length; start += SEGMENT_BYTES) {
      const data = bytes.subarray(start, start + SEGMENT_BYTES)
      const push = start + data.length === bytes.length ? PSH : 0
      yield this.#send(direction, at, ACK | push, data, comment)
      yield this.#send(other(direction), at, ACK)
      comment = null
    }
  }

  /** @param offset the length of the direction's stream */
  *fin(direction: Direction, at: number, offset: number): Generator<Buffer> {
    const comment = this.#skipTo(direction, offset)
    yield this.#send(direction, at, FIN | ACK, NOTHING, comment)
    yield this.#send(other(direction), at, ACK)
  }

  *reset(direction: Direction, at: number, offset: number): Generator<Buffer> {
    const comment = this.#skipTo(direction, offset)
    yield this.#send(direction, at, RST | ACK, NOTHING, comment)
  }

  #send(direction: Direction, at: number, flags: number, data = NOTHING, comment: string | null = null): Buffer {
    const side = this.#sides[direction]
    const acknowledged = this.#sides[other(direction)].next
    const packet = side.sender.packet({ sequence: side.next, acknowledged, flags, data })
    side.offset += data.length
    advance(side, data.length + (flags & (SYN | FIN) ? 1 : 0))
    return enhancedPacket(at, packet, comment)
  }

  /** @returns the comment for the next packet; null if no bytes are missing before it */
  #skipTo(direction: Direction, offset: number): string | null {
    const side = this.#sides[direction]
    const missing = offset - side.offset
    if (missing <= 0) return null
    const comment = `Bytes ${side.offset} to ${offset - 1} of this direction are missing.`
    side.offset = offset
    const gap = missing % AHEAD_MAX
    advance(side, gap)
    return gap === missing ? comment : `${comment} The sequence numbers skip only ${gap} of these ${missing} bytes.`
  }
}

interface Side {
  sender: Sender
  /** The next sequence number, and the offset in the stream of the next byte. */
  next: number
  offset: number
}

function advance(side: Side, by: number): void {
  side.next = (side.next + by) % SEQUENCES
}

function other(direction: Direction): Direction {
  return direction === 'in' ? 'out' : 'in'
}
