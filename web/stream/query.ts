import { hexDigits } from '../ui/hex-digits.ts'
import type { ByteFormat } from './view-options.ts'

/** The bytes to search for. */
export interface Needle {
  bytes: Uint8Array
  /** ASCII letters match in either case; `bytes` has them in lower case. */
  foldCase: boolean
}

/**
 * Reads the query. In text format: text, ignoring case. In hex format: hex digits, or text in quotes with exact case.
 * @returns null for an empty query, 'not-hex' for one that cannot be read
 */
export function parseQuery(query: string, view: ByteFormat): Needle | null | 'not-hex' {
  if (query === '') return null
  if (view === 'text')
    return { bytes: encode(query.replace(/[A-Z]/g, (letter) => letter.toLowerCase())), foldCase: true }
  const quoted = /^\s*"(.*?)(?:"\s*)?$/s.exec(query)?.[1]
  if (quoted !== undefined) return quoted === '' ? null : { bytes: encode(quoted), foldCase: false }
  const digits = hexDigits(query)
  if (digits === null) return 'not-hex'
  // A single last digit is still being typed.
  const pairs = digits.match(/../g)
  return pairs && { bytes: Uint8Array.from(pairs, (pair) => parseInt(pair, 16)), foldCase: false }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
