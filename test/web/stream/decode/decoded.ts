import type { Direction } from '../../../../shared/payload.ts'
import type { Annotation } from '../../../../web/stream/decode/annotation.ts'
import { Annotations } from '../../../../web/stream/decode/annotations.ts'
import { followed, type Part, Sender } from '../frames.ts'

/** The annotations of a direction after these chunks, sent by the client unless a direction is given. */
export function annotations(parts: readonly Part[], direction: Direction = 'in'): Annotation[] {
  return new Annotations(followed(...parts)).between(direction, 0, Infinity)
}

/** As the page shows them, with the offsets where they begin. */
export function labels(parts: readonly Part[], direction: Direction = 'in'): string[] {
  return annotations(parts, direction).map(({ from, label, size }) => {
    return `${from} ${label}${size === null ? '' : `, ${size} B`}`
  })
}

/** The annotations while the bytes arrive in chunks of this length, looked at after each. */
export function arriving(bytes: Uint8Array, length: number, direction: Direction = 'in'): Annotation[] {
  const sender = new Sender()
  const held = followed()
  const found = new Annotations(held)
  for (let at = 0; at < bytes.length; at += length) {
    held.apply(sender.frame(sender.chunk(direction, bytes.subarray(at, at + length))))
    found.between(direction, 0, 0)
  }
  return found.between(direction, 0, Infinity)
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** A TLS record. */
export function record(type: number, minor: number, body: Uint8Array | number[]): Uint8Array {
  return Uint8Array.of(type, 3, minor, body.length >> 8, body.length & 0xff, ...body)
}

/** A handshake message of TLS, with zeros in it. */
export function message(type: number, length: number): number[] {
  return [type, 0, length >> 8, length & 0xff, ...Array.from({ length }, () => 0)]
}
