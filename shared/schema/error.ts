import { type Static, Type } from 'typebox'
import { count, model } from './base.ts'

export const ErrorModel = model(
  'Error',
  'Every answer with a status of 400 or above.',
  Type.Object({
    statusCode: Type.Integer(),
    code: Type.String({ description: 'What went wrong, for programs. It may be an errno name.' }),
    error: Type.String({ description: 'The name of the HTTP status.' }),
    message: Type.String({ description: 'What went wrong, for people.' }),
    waiting: Type.Optional(count('SEND_QUEUE_FULL only: bytes that the kernel has not taken yet.')),
    limit: Type.Optional(count('TOO_MANY_READERS and TOO_MANY_FROM_ADDRESS only: the limit of readers.')),
  }),
)
export type ApiError = Static<typeof ErrorModel>
