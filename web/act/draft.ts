import { BODY_MAX } from '../../shared/action.ts'
import type { Bytes } from '../live/api.ts'
import { hexDigits } from '../stream/query.ts'

export type LineEnd = 'lf' | 'crlf' | 'none'

export const LINE_ENDS: readonly LineEnd[] = ['lf', 'crlf', 'none']

/** What somebody types to be sent. */
export interface Draft {
  kind: 'text' | 'hex'
  content: string
  /** Text only: what ends each of its lines, the last one too. */
  lineEnd: LineEnd
}

/** Why there is nothing to send: no bytes, something that is no hexadecimal digit, a byte with one digit only. */
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
  // A box for text has line feeds only, whatever was pasted into it.
  const text = lineEnd === 'none' ? content : content.replaceAll('\n', ENDS[lineEnd]) + ENDS[lineEnd]
  const { length } = new TextEncoder().encode(text)
  return length === 0 ? { fault: 'empty' } : { bytes: { text }, length }
}

/** Around the bytes in a request's body: names, quotes, brackets. */
const ROOM = 64

/** Bytes of a file that still go into one request, as base64 (four characters for three bytes). */
export const FILE_MAX = Math.floor((BODY_MAX - ROOM) / 4) * 3

/** @throws DOMException where the file cannot be read (any more) */
export async function encodeFile(file: Blob): Promise<Bytes> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error ?? new Error('not read'))
    reader.readAsDataURL(file)
  })
  return { base64: url.slice(url.indexOf(',') + 1) }
}
