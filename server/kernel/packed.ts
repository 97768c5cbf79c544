import type { KernelSocket } from '../../shared/kernel.ts'
import { attributeLength } from './sock-diag.ts'
import { fingerprint, INFO_OFFSETS, MESSAGE_SIZE, NO_TCP_INFO, PACKED_SIZE, socketOf } from './inet-diag.ts'

/** Bytes for as many sockets as change in most samples. */
const SMALL = PACKED_SIZE * 256

/** Packed sockets in one growing buffer. */
export class PackedSockets {
  #bytes = Buffer.alloc(SMALL)
  #length = 0

  /**
   * Writes a socket after the kept ones; `keep` keeps it too.
   * @param message contains the socket's inet_diag_msg at offset `from`
   * @param info offset of its tcp_info, -1 without one
   * @returns a fingerprint of its changing facts
   */
  write(message: Buffer, from: number, info: number): number {
    if (this.#length + PACKED_SIZE > this.#bytes.length) this.#resize(this.#bytes.length * 2)
    const bytes = this.#bytes
    let at = this.#length
    message.copy(bytes, at, from, from + MESSAGE_SIZE)
    at += MESSAGE_SIZE
    // A kernel older than a field sends a shorter tcp_info.
    const length = info < 0 ? 0 : attributeLength(message, info)
    for (const offset of INFO_OFFSETS) {
      bytes.writeUInt32LE(offset + 4 > length ? NO_TCP_INFO : message.readUInt32LE(info + offset), at)
      at += 4
    }
    return fingerprint(bytes, this.#length)
  }

  /** The kept sockets, each of PACKED_SIZE bytes, and room for more. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** The socket written last. @param now Unix milliseconds of the sample */
  last(now: number): KernelSocket {
    return socketOf(this.#bytes, this.#length, now)
  }

  /** Keeps the socket written last. */
  keep(): void {
    this.#length += PACKED_SIZE
  }

  /** Returns the kept sockets in a buffer of their own and starts over. */
  take(): Uint8Array<ArrayBuffer> {
    const kept = new Uint8Array(this.#length)
    kept.set(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    // A flood of new sockets is rare.
    if (this.#bytes.length > SMALL) this.#resize(SMALL)
    return kept
  }

  /** Frees the old bytes at once. This thread makes little garbage, so V8 would collect them only minutes later. */
  #resize(length: number): void {
    this.#bytes = Buffer.from(this.#bytes.buffer.transfer(length))
  }
}

/** Iterates over packed sockets. */
export function* eachPacked(packed: Uint8Array<ArrayBuffer>): Generator<[buffer: Buffer, at: number]> {
  const buffer = Buffer.from(packed.buffer)
  for (let at = 0; at < buffer.length; at += PACKED_SIZE) yield [buffer, at]
}
