import { Type } from 'typebox'
import { count } from './base.ts'

/** The fields of a body with bytes. A request must have exactly one of them. */
export const bytes = {
  text: Type.Optional(Type.String({ description: 'Sent as UTF-8, unchanged: no line end is added.' })),
  hex: Type.Optional(Type.String({ description: 'Two hexadecimal digits for each byte. White space is ignored.' })),
  base64: Type.Optional(Type.String({ description: 'RFC 4648, section 4, with padding.' })),
}
export type Bytes = { text: string } | { hex: string } | { base64: string }

export const BytesBody = Type.Object(bytes, {
  additionalProperties: false,
  description: 'The bytes, as exactly one of `text`, `hex` and `base64`.',
  examples: [{ text: 'hello\n' }],
})

export const BytesAnswer = Type.Object(
  { bytes: count('Number of bytes.') },
  { description: 'The bytes are on their way.' },
)
