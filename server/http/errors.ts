import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import { STATUS_CODES } from 'node:http'
import { SAFE_HEADERS } from './safe-headers.ts'

/** An answer other than 2xx: `{ statusCode, code, error, message }`. */
export class HttpError extends Error {
  readonly statusCode: number
  readonly code: string

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.statusCode = statusCode
    this.code = code
  }
}

interface Failure {
  statusCode?: number
  code?: string
  message: string
  validation?: unknown
}

/** What a schema refuses, in words; ajv does not say which values it allows. */
export function describeInvalid(errors: FastifySchemaValidationError[], where: string): Error {
  const [error] = errors
  const name = [where, ...(error?.instancePath.split('/').filter(Boolean) ?? [])].join('.')
  const allowed = error?.params['allowedValues']
  const which = Array.isArray(allowed) ? `: ${allowed.join(', ')}` : ''
  return new Error(`${name} ${error?.message ?? 'is not as it must be'}${which}`)
}

/** One shape for every error, and no word about the server's insides. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((failure: Failure, request, reply) => {
    const statusCode = failure.statusCode ?? 500
    if (statusCode >= 500 && !(failure instanceof HttpError)) {
      request.log.error({ err: failure }, 'request failed')
      return reply.code(500).send(body(500, 'INTERNAL', 'The server failed to answer; its log has more.'))
    }
    const code = failure.validation === undefined ? (failure.code ?? 'BAD_REQUEST') : 'INVALID'
    return reply.code(statusCode).send(body(statusCode, code, failure.message))
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(body(404, 'NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]} here.`)),
  )
}

/** A path that cannot be decoded comes before any hook: neither the Host nor anything else has been looked at. */
export function answerBadUrl(failure: Failure, _request: FastifyRequest, reply: FastifyReply): void {
  const statusCode = failure.statusCode ?? 400
  void reply
    .headers(SAFE_HEADERS)
    .code(statusCode)
    .send(body(statusCode, 'BAD_URL', 'The path cannot be decoded.'))
}

function body(statusCode: number, code: string, message: string): object {
  return { statusCode, code, error: STATUS_CODES[statusCode] ?? 'Error', message }
}
