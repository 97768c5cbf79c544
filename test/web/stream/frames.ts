import type { Direction, PayloadChunk, PayloadFrame } from '../../../shared/payload.ts'
import type { StreamEvent } from '../../../web/stream/events.ts'
import { Followed } from '../../../web/stream/followed.ts'
import { type Place, StreamLayout } from '../../../web/stream/layout.ts'
import type { Shown } from '../../../web/stream/view-options.ts'

export const accept = (at: number): StreamEvent => ({ kind: 'accept', at })
export const fin = (at: number): StreamEvent => ({ kind: 'half-close', at, by: 'peer' })

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
  options: Partial<ConstructorParameters<typeof StreamLayout>[1]> = {},
  events: readonly StreamEvent[] = [],
): StreamLayout {
  const layout = new StreamLayout(held, {
    ...{ view: 'text', shown: 'all', columns: 80, eventRows: () => 1, isRepeat: () => false },
    ...options,
  })
  layout.update(events)
  return layout
}

export function places(layout: StreamLayout): Place[] {
  return Array.from({ length: layout.rows }, (_, row) => {
    const place = layout.place(row)
    if (place === undefined) throw new Error(`no row ${row} of ${layout.rows}`)
    return place
  })
}

/** Each row in a few characters: its bytes, its event, or what it says. */
export function drawn(layout: StreamLayout): string[] {
  return places(layout).map((place) => {
    if (place.kind === 'pause') return `pause ${place.ms}`
    if (place.kind === 'missing') return `missing ${place.chunk.direction} ${place.bytes}`
    const time =
      place.time === null
        ? ''
        : place.time.together
          ? ' ='
          : ` ${place.time.after === null ? 'at' : '+'}${place.time.after ?? place.time.at}`
    if (place.kind === 'event') return `${place.event.kind}${time}`
    return `${place.chunk.direction} ${place.kind === 'bytes' ? place.start : 'notes'}${time}`
  })
}

/** A layout of chunks with these times, all of one byte. */
export function timed(chunks: [Direction, number][], events: StreamEvent[], shown: Shown = 'all'): string[] {
  const sender = new Sender()
  const held = followed()
  held.apply(sender.frame(...chunks.map(([direction, at]) => sender.chunk(direction, 'x', at))))
  return drawn(layoutOf(held, { shown }, events))
}
