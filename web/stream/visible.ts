import { INVALID, isInvalid } from './utf8.ts'

// What bytes may do to a page: nothing. Whatever would not be seen, or would change how its neighbours are seen, is shown by a mark.

export const LF = 0x0a
export const CR = 0x0d
export const TAB = 0x09

/** ASCII's names of its control characters (RFC 20). */
const CONTROL_NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  )

/** Controls, formats (bidirectional ones among them), what has no glyph or an empty one, spaces that only look like one. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u

/** The mark to show for this code point; null when it can be shown itself. */
export function markOf(code: number): string | null {
  if (code >= 0x20 && code < 0x7f) return null
  if (code < 0x20) return CONTROL_NAMES[code] ?? null
  if (code === 0x7f) return 'DEL'
  if (isInvalid(code)) return `<${hex(code - INVALID, 2)}>`
  return UNSEEN.test(String.fromCodePoint(code)) ? `<${hex(code, 4)}>` : null
}

/**
 * As plain text that does nothing when it is pasted: tabs and line ends stay, other marks are written out, control characters
 * as the pictures that Unicode has of them (␛).
 */
export function plainText(code: number): string {
  const mark = code === TAB || code === CR || code === LF ? null : markOf(code)
  if (mark === null) return String.fromCodePoint(code)
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return code === 0x7f ? '\u2421' : mark
}

/**
 * Columns of a fixed-width font. What the page's own font does not have comes from some other font and may be wider.
 * A little too many: a row that ends early is better than one that is cut.
 */
export function columnsOf(code: number): number {
  return code < 0x530 ? 1 : 2
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}
