import { Type } from 'typebox'
import { HttpError } from '../errors.ts'
import { count } from './common.ts'

/** The fields of a body that carries bytes; one of them has to be there. */
export const BYTES = {
  text: Type.Optional(Type.String({ description: 'Sent as UTF-8, just as it is: no line end is added.' })),
  hex: Type.Optional(Type.String({ description: 'Two digits a byte; white space between bytes is left out.' })),
  base64: Type.Optional(Type.String({ description: 'RFC 4648, section 4, with its padding.' })),
}

export const BytesBody = Type.Object(BYTES, {
  additionalProperties: false,
  description: 'The bytes, as one of `text`, `hex` and `base64`.',
  examples: [{ text: 'hello\n' }],
})

export const SentAnswer = Type.Object({ bytes: count('How many they are.') }, { description: 'They are on their way.' })

export interface GivenBytes {
  text?: string
  hex?: string
  base64?: string
}

/** @throws HttpError INVALID, in words, when it is not exactly one of them, or not what its name says */
export function decodeBytes({ text, hex, base64 }: GivenBytes): Buffer {
  if ([text, hex, base64].filter((given) => given !== undefined).length !== 1) {
    throw invalid('Send exactly one of text, hex and base64.')
  }
  if (hex !== undefined) return decodeHex(hex.replaceAll(/\s/g, ''))
  if (base64 === undefined) return Buffer.from(text ?? '')
  const bytes = Buffer.from(base64, 'base64')
  // Node skips what it cannot read.
  if (bytes.toString('base64') !== base64)
    throw invalid('base64 is not as RFC 4648 (section 4) has it, padding included.')
  return bytes
}

function decodeHex(digits: string): Buffer {
  const wrong = /[^0-9a-f]/i.exec(digits)
  if (wrong !== null) throw invalid(`hex: ${JSON.stringify(wrong[0])} is no hexadecimal digit.`)
  if (digits.length % 2 !== 0) throw invalid(`hex has an odd number of digits (${digits.length}): each byte takes two.`)
  return Buffer.from(digits, 'hex')
}

const invalid = (message: string): HttpError => new HttpError(400, 'INVALID', message)
