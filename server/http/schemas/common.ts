import { type TSchema, Type } from 'typebox'
import { ref } from '../../../shared/schema/base.ts'
import { ErrorModel } from '../../../shared/schema/error.ts'
import { type Code, CODES } from '../codes.ts'

/** For a parameter with a default: a request may omit it, but the handler always gets a value. */
export const mayLack = <S extends TSchema>(schema: S): S => Type.Optional(schema) as TSchema as S

export const IdParams = Type.Object({ id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) })

/** Streams also accept the token in the query, because WebSockets in browsers and plain links cannot send headers. */
export const STREAM_SECURITY = [{ bearer: [] }, { query: [] }]

/** Why a stream is refused although the request is right. */
export const NO_PLACE = ['TOO_MANY_READERS', 'TOO_MANY_FROM_ADDRESS'] satisfies Code[]

/** Codes for a valid request that the listener process cannot answer. */
export const NO_LISTENER = ['LISTENER_DOWN', 'LISTENER_UNRESPONSIVE'] satisfies Code[]

const ANY: Code[] = ['HOST_NOT_ALLOWED']
const GUARDED: Code[] = [...ANY, 'ORIGIN_NOT_ALLOWED', 'TOKEN_REQUIRED', 'TOO_MANY_REQUESTS', 'INVALID', 'INTERNAL']
const WRITE: Code[] = [...GUARDED, 'READ_ONLY', 'INVALID_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']

/** Response schemas of a route without a token, of a route with one, and of a write. */
export const openAnswers = <S>(good: S, ...codes: Code[]): S => ({
  ...good,
  ...refusals([...ANY, 'INVALID', ...codes]),
})
export const answers = <S>(good: S, ...codes: Code[]): S => ({ ...good, ...refusals([...GUARDED, ...codes]) })
export const writeAnswers = <S>(good: S, ...codes: Code[]): S => ({ ...good, ...refusals([...WRITE, ...codes]) })

function refusals(codes: Code[]): Record<number, unknown> {
  const byStatus = Map.groupBy(codes, (code) => CODES[code][0])
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => {
      const description = group.map((code) => `\`${code}\`: ${CODES[code][1]}.`).join('\n')
      return [status, { description, content: { 'application/json': { schema: ref(ErrorModel) } } }]
    }),
  )
}
