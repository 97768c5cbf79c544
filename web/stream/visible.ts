import { INVALID, isInvalid } from './utf8.ts'

// Untrusted bytes must not affect the page. A character that is invisible, or that changes how its neighbours look,
// is replaced by a mark.

export const LF = 0x0a
export const CR = 0x0d
export const TAB = 0x09

/** ASCII's names of control characters (RFC 20). */
const CONTROL_NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  )

/**
 * Controls, format characters (including bidirectional ones), characters without a visible glyph, and spaces that
 * look like an ordinary one.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u

/** The mark for a code point; null if it can be shown as it is. */
export function markOf(code: number): string | null {
  if (code >= 0x20 && code < 0x7f) return null
  if (code < 0x20) return CONTROL_NAMES[code] ?? null
  if (code === 0x7f) return 'DEL'
  if (isInvalid(code)) return `<${hex(code - INVALID, 2)}>`
  return UNSEEN.test(String.fromCodePoint(code)) ? `<${hex(code, 4)}>` : null
}

/**
 * Plain text that is safe to paste: tabs and line ends stay, other marks become text, control characters become
 * Unicode's pictures for them (␛).
 */
export function plainText(code: number): string {
  const mark = code === TAB || code === CR || code === LF ? null : markOf(code)
  if (mark === null) return String.fromCodePoint(code)
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  return code === 0x7f ? '\u2421' : mark
}

/**
 * Columns in a fixed-width font. Characters missing from the page's font come from another one and may be wider. The
 * estimate is high: a line that ends early is better than one that is cut.
 */
export function columnsOf(code: number): number {
  return code < 0x530 ? 1 : 2
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0')
}
