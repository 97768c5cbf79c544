import { BODY_MAX, type Bytes } from '../../shared/action.ts'
import { hexDigits } from '../ui/hex-digits.ts'

export type LineEnd = 'lf' | 'crlf' | 'none'

export const LINE_ENDS: readonly LineEnd[] = ['lf', 'crlf', 'none']

/** Text being prepared for sending. */
export interface Draft {
  kind: 'text' | 'hex'
  content: string
  /** Text only: the line end after each line, including the last. */
  lineEnd: LineEnd
}

/** Why there is nothing to send: no bytes, a character that is not a hex digit, or a byte with one digit. */
export type DraftFault = 'empty' | 'not-hex' | 'odd'

export type Encoded = { bytes: Bytes; length: number } | { fault: DraftFault }

const ENDS: Record<LineEnd, string> = { lf: '\n', crlf: '\r\n', none: '' }

export function encodeDraft({ kind, content, lineEnd }: Draft): Encoded {
  if (kind === 'hex') {
    const digits = hexDigits(content)
    if (digits === null) return { fault: 'not-hex' }
    if (digits.length % 2 !== 0) return { fault: 'odd' }
    return digits === '' ? { fault: 'empty' } : { bytes: { hex: digits }, length: digits.length / 2 }
  }
  // A text box only has line feeds, whatever was pasted.
  const text = lineEnd === 'none' ? content : content.replaceAll('\n', ENDS[lineEnd]) + ENDS[lineEnd]
  const { length } = new TextEncoder().encode(text)
  return length === 0 ? { fault: 'empty' } : { bytes: { text }, length }
}

/** Size of the request body around the bytes: names, quotes, brackets. */
const ROOM = 64

/** Largest file that fits into one request as base64 (four characters for three bytes). */
export const FILE_MAX = Math.floor((BODY_MAX - ROOM) / 4) * 3

/** @throws DOMException if the file cannot be read */
export async function encodeFile(file: Blob): Promise<Bytes> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('not read'))
    reader.readAsDataURL(file)
  })
  return { base64: url.slice(url.indexOf(',') + 1) }
}
