import { type Static, type TSchema, Type } from 'typebox'
import type { Endpoint } from '../../../shared/endpoint.ts'
import { type Code, CODES } from '../codes.ts'

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? [] : ['lacks something']) : ['has something else']

/** A schema with a name, for a type of shared/: the compiler refuses one that says something else. */
export function model<T>(): <S extends TSchema>(
  $id: string,
  description: string,
  schema: S,
  ...same: Same<Static<S>, T>
) => Model<T> {
  return ($id, description, schema, ..._same) => Type.Unsafe<T>({ ...schema, $id, description }) as Model<T>
}

export type Model<T> = ReturnType<typeof Type.Unsafe<T>> & { $id: string }

/** Stands for a model in another schema. */
export function ref<T>({ $id }: Model<T>, description?: string): ReturnType<typeof Type.Unsafe<T>> {
  return Type.Unsafe<T>({ $ref: `${$id}#`, ...(description === undefined ? {} : { description }) })
}

export const orNull = <S extends TSchema>(schema: S, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description })

/** What may be left out of the request, since the schema has a default; the handler always finds it. */
export const mayLack = <S extends TSchema>(schema: S): S => Type.Optional(schema) as TSchema as S

export const count = (description: string) => Type.Integer({ minimum: 0, description })
export const time = (description: string) => Type.Integer({ description: `${description} Unix milliseconds.` })

export const EndpointModel = model<Endpoint>()(
  'Endpoint',
  'One end of a connection.',
  Type.Object({
    address: Type.String({
      description: 'An IPv4 or IPv6 address in text; an IPv4 client of a dual-stack socket as IPv4.',
    }),
    port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  }),
)

export interface ApiError {
  statusCode: number
  code: string
  error: string
  message: string
  waiting?: number
}

export const ErrorModel = model<ApiError>()(
  'Error',
  'Every answer that is not 2xx.',
  Type.Object({
    statusCode: Type.Integer(),
    code: Type.String({ description: 'What went wrong, for programs.' }),
    error: Type.String({ description: "The status in HTTP's words." }),
    message: Type.String({ description: 'What went wrong, for people.' }),
    waiting: Type.Optional(count('With SEND_QUEUE_FULL: bytes that the kernel has not taken yet.')),
  }),
)

export const IdParams = Type.Object({ id: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) })

/** A browser's WebSocket and a plain link cannot send headers. */
export const STREAM_SECURITY = [{ bearer: [] }, { query: [] }]

const ANY: Code[] = ['HOST_NOT_ALLOWED']
const GUARDED: Code[] = [...ANY, 'ORIGIN_NOT_ALLOWED', 'TOKEN_REQUIRED', 'INTERNAL']
const WRITE: Code[] = [
  ...GUARDED,
  'READ_ONLY',
  'TOO_MANY_REQUESTS',
  'INVALID_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
]

/** The answers of a route that anyone may ask, of one that needs the token, and of one that writes. */
export const openAnswers = <S>(good: S, ...codes: Code[]): S => ({ ...good, ...refusals([...ANY, ...codes]) })
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
