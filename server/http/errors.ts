import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchemaValidationError } from 'fastify'
import type { Socket } from 'node:net'
import type { ApiError } from '../../shared/schema/error.ts'
import { ListenerDown, ListenerUnresponsive } from '../listener-failure.ts'
import { type Code, CODES } from './codes.ts'
import { SAFE_HEADERS } from './access/security-headers.ts'

// Loaded without an import, which would load all exports of node:http, and with them Node's fetch and WebSocket (2
// MiB, 30 ms).
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** The numbers in an error response, for the page's own words. */
type Details = Pick<ApiError, 'waiting' | 'limit'>

/** An error response: `{ statusCode, code, error, message }` and further details. */
export class HttpError extends Error {
  readonly statusCode: number
  readonly code: string
  readonly details: Details

  constructor(statusCode: number, code: string, message: string, details: Details = {}) {
    super(message)
    this.statusCode = statusCode
    this.code = code
    this.details = details
  }
}

/** The error for an id that no kept connection has. */
export function noSuchConnection(id: number): HttpError {
  return new HttpError(404, 'CONNECTION_NOT_FOUND', `There is no connection ${id}.`)
}

/** The error for an action that was refused. @param whose names the connection or the built-in client */
export function refused(whose: string, code: Code, waiting: number | null): HttpError {
  const [statusCode, meaning] = CODES[code]
  const details = code === 'SEND_QUEUE_FULL' && waiting !== null ? { waiting } : {}
  return new HttpError(statusCode, code, `${whose}: ${meaning}.`, details)
}

interface Failure {
  statusCode?: number
  code?: string
  message: string
  validation?: unknown
}

/** Fastify's errors about the body, by the code in the response. */
const BODY_CODES: Record<string, Code> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  FST_ERR_CTP_INVALID_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_JSON',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'INVALID_JSON',
}

/** Errors of Node's HTTP parser, by the code in the response. */
const PARSER_CODES: Record<string, Code> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
}

/** After these errors the connection is closed, so that unauthorized clients cannot occupy the limited sockets. */
const CLOSING_CODES = new Set<string>(['TOKEN_REQUIRED', 'HOST_NOT_ALLOWED', 'ORIGIN_NOT_ALLOWED'] satisfies Code[])

/** Completes ajv's message, which names neither the allowed values nor an unknown field. */
export function describeInvalid(errors: FastifySchemaValidationError[], where: string): Error {
  const [error] = errors
  const name = [where, ...(error?.instancePath.split('/').filter(Boolean) ?? [])].join('.')
  const { allowedValues, additionalProperty } = error?.params ?? {}
  const which = Array.isArray(allowedValues) ? `: ${allowedValues.join(', ')}` : ''
  const unknown = typeof additionalProperty === 'string' ? `: ${JSON.stringify(additionalProperty.slice(0, 50))}` : ''
  return new Error(`${name} ${error?.message ?? 'is invalid'}${which}${unknown}`)
}

/** Answers every error in the same format, without internal details. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((failure: Failure, request, reply) => {
    const statusCode = failure.statusCode ?? 500
    if (failure instanceof HttpError) {
      if (CLOSING_CODES.has(failure.code)) reply.header('connection', 'close')
      return reply.code(statusCode).send(body(statusCode, failure.code, failure.message, failure.details))
    }
    if (failure instanceof ListenerDown) {
      return reply.code(503).send(body(503, 'LISTENER_DOWN', sentence('LISTENER_DOWN')))
    }
    if (failure instanceof ListenerUnresponsive) {
      return reply.code(503).send(body(503, 'LISTENER_UNRESPONSIVE', sentence('LISTENER_UNRESPONSIVE')))
    }
    if (statusCode >= 500) {
      request.log.error({ err: failure }, 'request failed')
      return reply.code(500).send(body(500, 'INTERNAL', sentence('INTERNAL')))
    }
    // For paths such as `//x`.
    if (failure.code === 'FST_STATIC_FORBIDDEN_PATH') return reply.callNotFound()
    const given = failure.code ?? 'BAD_REQUEST'
    const code = failure.validation === undefined ? (BODY_CODES[given] ?? given) : 'INVALID'
    return reply.code(statusCode).send(body(statusCode, code, failure.message))
  })
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(body(404, 'NOT_FOUND', `There is no ${request.method} ${request.url.split('?')[0]} here.`)),
  )
}

/** Answers a path that cannot be decoded. Fastify calls this before any hook, so the Host has not been checked. */
export function answerBadUrl(failure: Failure, _request: FastifyRequest, reply: FastifyReply): void {
  const statusCode = failure.statusCode ?? 400
  void reply
    .headers(SAFE_HEADERS)
    .code(statusCode)
    .send(body(statusCode, 'BAD_URL', sentence('BAD_URL')))
}

/** Answers text that is not HTTP, or a request that is too slow. There is no request object, only the socket. */
export function answerBadRequest({ code = '' }: { code?: string }, socket: Socket): void {
  const known = PARSER_CODES[code] ?? 'BAD_REQUEST'
  const [statusCode] = CODES[known]
  const text = JSON.stringify(body(statusCode, known, sentence(known)))
  const headers = { ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8', connection: 'close' }
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(text) }).map((pair) => pair.join(': '))
  // After the beginning of another response, this one would be taken for a part of that.
  if (socket.writable && socket.bytesWritten === 0) {
    socket.write([`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode]}`, ...lines, '', text].join('\r\n'))
  }
  socket.destroySoon()
}

/** A code's meaning as an error message. */
function sentence(code: Code): string {
  const [, meaning] = CODES[code]
  return `${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`
}

function body(statusCode: number, code: string, message: string, details: object = {}): object {
  return { statusCode, code, error: STATUS_CODES[statusCode] ?? 'Error', message, ...details }
}
