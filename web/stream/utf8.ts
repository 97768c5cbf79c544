import type { ByteStream } from './byte-stream.ts'

/** Longest character in bytes (RFC 3629). */
export const CHARACTER_MAX = 4

/**
 * Offset added to an invalid byte: a code point that valid UTF-8 never produces, so text and bytes stay convertible
 * (Python's "surrogateescape", PEP 383).
 */
export const INVALID = 0xdc00

/** The code point that begins at the offset, or INVALID plus the byte if none does. RFC 3629 */
function characterAt(stream: ByteStream, offset: number): number {
  const lead = stream.at(offset) ?? 0
  if (lead < 0x80) return lead
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  if (lead < 0xc2 || lead > 0xf4) return INVALID + lead
  let code = lead & (0xff >> (length + 1))
  for (let index = 1; index < length; index++) {
    const next = stream.at(offset + index)
    if (next === undefined || (next & 0xc0) !== 0x80) return INVALID + lead
    code = (code << 6) | (next & 0x3f)
  }
  const overlong = code < (length === 4 ? 0x10000 : length === 3 ? 0x800 : 0x80)
  const surrogate = code >= 0xd800 && code <= 0xdfff
  return overlong || surrogate || code > 0x10ffff ? INVALID + lead : code
}

export function isInvalid(code: number): boolean {
  return code >= INVALID && code <= 0xdfff
}

/** The character's length in bytes. */
function byteLength(code: number): number {
  if (code < 0x80 || isInvalid(code)) return 1
  return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

/** Calls back with each character that begins between the offsets; one must begin at the first offset. */
export function eachCharacter(
  stream: ByteStream,
  start: number,
  end: number,
  callback: (code: number, offset: number) => void,
): void {
  let code: number
  for (let at = start; at < end; at += byteLength(code)) {
    code = characterAt(stream, at)
    callback(code, at)
  }
}

/**
 * The first offset from here at which a character begins. Bytes before it end a character that began earlier, maybe
 * in another chunk. UTF-8 is self-synchronizing: no lead byte occurs inside a character.
 */
export function firstCharacter(stream: ByteStream, offset: number): number {
  for (let back = 1; back < CHARACTER_MAX; back++) {
    const lead = stream.at(offset - back)
    if (lead === undefined || lead < 0x80) return offset
    if (lead < 0xc0) continue
    const code = characterAt(stream, offset - back)
    return Math.max(offset, offset - back + byteLength(code))
  }
  return offset
}
