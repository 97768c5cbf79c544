import type { Direction, PayloadChunk, PayloadFrame } from '../../../shared/payload.ts'
import type { StreamEvent } from '../../../web/stream/events.ts'
import { Followed } from '../../../web/stream/followed.ts'
import { StreamLayout } from '../../../web/stream/layout.ts'
import type { ByteFormat, Shown } from '../../../web/stream/view-options.ts'

/** Builds the frames that the server would send for these bytes. */
export class Sender {
  readonly #to: Record<Direction, number> = { in: 0, out: 0 }
  #from: Record<Direction, number> = { in: 0, out: 0 }
  #n = 0

  chunk(direction: Direction, bytes: Uint8Array | string, at = 1000): PayloadChunk {
    const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes
    const offset = this.#to[direction]
    this.#to[direction] += data.length
    return {
      n: ++this.#n,
      at,
      direction,
      offset,
      data: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')),
    }
  }

  drop(from: Partial<Record<Direction, number>>): void {
    this.#from = { ...this.#from, ...from }
  }

  frame(...chunks: PayloadChunk[]): PayloadFrame {
    return { type: 'payload', id: 1, chunks, from: { ...this.#from }, to: { ...this.#to }, more: false }
  }
}

export type Part = Uint8Array | string | [Direction, Uint8Array | string]

/** A connection with these chunks, sent by the client unless a direction is given. */
export function followed(...chunks: Part[]): Followed {
  const sender = new Sender()
  const held = new Followed(1)
  held.apply(
    sender.frame(...chunks.map((chunk) => (Array.isArray(chunk) ? sender.chunk(...chunk) : sender.chunk('in', chunk)))),
  )
  return held
}

/** 0, 1, 2 … */
export function counting(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index & 0xff)
}

/** The rows of these bytes and events. An event takes one row. */
export function layoutOf(
  held: Followed,
  options: { view?: ByteFormat; shown?: Shown; columns?: number } = {},
  events: readonly StreamEvent[] = [],
): StreamLayout {
  const layout = new StreamLayout(held, { view: 'text', shown: 'all', columns: 80, eventRows: () => 1, ...options })
  layout.update(events)
  return layout
}
