import { HttpError } from '../errors.ts'

/** The body's fields; the schema alone does not require exactly one. */
export interface GivenBytes {
  text?: string
  hex?: string
  base64?: string
}

/** @throws HttpError INVALID unless exactly one field is given and can be decoded */
export function decodeBytes({ text, hex, base64 }: GivenBytes): Buffer {
  if ([text, hex, base64].filter((given) => given !== undefined).length !== 1) {
    throw invalid('Send exactly one of text, hex and base64.')
  }
  if (hex !== undefined) return decodeHex(hex.replaceAll(/\s/g, ''))
  if (base64 === undefined) return Buffer.from(text ?? '')
  const bytes = Buffer.from(base64, 'base64')
  // Node ignores invalid base64 characters, so compare the result encoded again.
  if (bytes.toString('base64') !== base64)
    throw invalid('base64 is not valid base64 (RFC 4648, section 4) with padding.')
  return bytes
}

function decodeHex(digits: string): Buffer {
  const wrong = /[^0-9a-f]/i.exec(digits)
  if (wrong !== null) throw invalid(`hex: ${JSON.stringify(wrong[0])} is not a hexadecimal digit.`)
  if (digits.length % 2 !== 0) throw invalid(`hex has an odd number of digits (${digits.length}): each byte needs two.`)
  return Buffer.from(digits, 'hex')
}

const invalid = (message: string): HttpError => new HttpError(400, 'INVALID', message)
