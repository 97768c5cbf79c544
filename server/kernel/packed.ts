import type { KernelSocket } from '../../shared/kernel.ts'
import { fingerprint, INFO_OFFSETS, MESSAGE_SIZE, PACKED_SIZE, socketOf, UNTOLD } from './inet-diag.ts'

/** Packed sockets, one after the other; grows as needed. */
export class PackedSockets {
  #bytes = Buffer.alloc(PACKED_SIZE * 256)
  #length = 0

  /**
   * Copies a socket behind the others, where it stays if it is kept.
   * @param message has its inet_diag_msg at `from`
   * @param info where its tcp_info begins, -1 if it has none
   * @returns a fingerprint of what may change in the socket's life
   */
  write(message: Buffer, from: number, info: number): number {
    if (this.#length + PACKED_SIZE > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes, this.#bytes])
    const bytes = this.#bytes
    let at = this.#length
    message.copy(bytes, at, from, from + MESSAGE_SIZE)
    at += MESSAGE_SIZE
    for (const offset of INFO_OFFSETS) {
      bytes.writeUInt32LE(info < 0 ? UNTOLD : message.readUInt32LE(info + offset), at)
      at += 4
    }
    return fingerprint(bytes, this.#length)
  }

  /** What was written last. @param now Unix milliseconds at which the kernel was asked */
  last(now: number): KernelSocket {
    return socketOf(this.#bytes, this.#length, now)
  }

  /** Keeps what was written last. */
  keep(): void {
    this.#length += PACKED_SIZE
  }

  /** Those kept, in a buffer of their own; the next ones begin anew. */
  take(): Uint8Array<ArrayBuffer> {
    const kept = new Uint8Array(this.#length)
    kept.set(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return kept
  }
}

/** Reads packed sockets one by one. */
export function* eachPacked(packed: Uint8Array<ArrayBuffer>): Generator<[buffer: Buffer, at: number]> {
  const buffer = Buffer.from(packed.buffer)
  for (let at = 0; at < buffer.length; at += PACKED_SIZE) yield [buffer, at]
}
