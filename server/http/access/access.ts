import type { FastifyInstance, FastifyRequest } from 'fastify'
import { BlockList, isIP } from 'node:net'
import { familyOf, plainAddress } from '../../../shared/endpoint.ts'
import { HttpError } from '../errors.ts'
import { type Right, rightsOf } from './join-token.ts'
import { SAFE_HEADERS } from './security-headers.ts'

export interface AccessOptions {
  allowHosts: string[]
  token: string | null
  readOnly: boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What its token allows; without one set, everybody may do all. */
    right: Right
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * Who may ask at all. A page elsewhere can make the visitor's browser send requests here (DNS rebinding, cross-site WebSocket
 * hijacking), so the Host must be one of ours, and where something is written or streamed the Origin too.
 */
export function guard(app: FastifyInstance, options: AccessOptions): void {
  const allowed = new Set(options.allowHosts.map((host) => hostname(host) ?? host.toLowerCase()))
  const rightOf = options.token === null ? null : rightsOf(options.token)
  app.decorateRequest('right', 'full')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SAFE_HEADERS)
    checkHost(request, allowed)
    const writes = request.method !== 'GET' && request.method !== 'HEAD'
    if (writes || request.headers.upgrade !== undefined) checkOrigin(request)
    else if (isGuarded(request)) checkSite(request)
    if (rightOf !== null && isGuarded(request)) request.right = checkToken(request, rightOf)
    if (!writes || !mayOnlyLook(request, options)) return
    const why = options.readOnly ? 'This server was started with --read-only.' : 'The join link only looks.'
    throw new HttpError(403, 'READ_ONLY', why)
  })
}

export function mayOnlyLook({ right }: FastifyRequest, { readOnly }: AccessOptions): boolean {
  return readOnly || right === 'join'
}

function checkHost(request: FastifyRequest, allowed: Set<string>): void {
  const host = askedHost(request)
  const name = hostname(host)
  if (name !== null) {
    if (name === 'localhost' || allowed.has(name) || isLoopback(name)) return
    // An address cannot be rebound, unlike a name: the one this request came in on is ours.
    if (name === plainAddress(request.socket.localAddress ?? '')) return
  }
  throw new HttpError(
    403,
    'HOST_NOT_ALLOWED',
    `This dashboard does not answer to the host ${JSON.stringify(host)}. Allow it with --allow-host.`,
  )
}

/** The target's own authority comes before the header (RFC 9112, 3.2.2); two headers are one too many (3.2). */
function askedHost({ raw }: FastifyRequest): string {
  const { url = '', rawHeaders, headers } = raw
  if (!url.startsWith('/') && URL.canParse(url)) return new URL(url).host
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  return hosts.length === 1 ? (headers.host ?? '') : ''
}

function checkOrigin(request: FastifyRequest): void {
  const { origin } = request.headers
  if (origin === undefined) return
  const host = askedHost(request)
  // The Host is known to be one of ours by now; an Origin that equals it, port and all, is our own page.
  if (['http:', 'https:'].some((scheme) => isOrigin(origin, `${scheme}//${host}`))) return
  throw new HttpError(403, 'ORIGIN_NOT_ALLOWED', `Not for a page of ${JSON.stringify(origin)}.`)
}

/**
 * What a page elsewhere asks for, it is never shown; but it could hold readers and downloads open. A browser says so of a request
 * (Fetch Metadata, W3C) that has no Origin. Following a link is fine.
 */
function checkSite({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  const elsewhere = site === 'cross-site' || site === 'same-site'
  if (!elsewhere || headers['sec-fetch-dest'] === 'document') return
  throw new HttpError(403, 'ORIGIN_NOT_ALLOWED', 'Not for a page that is not the dashboard.')
}

/**
 * Everything but the health check and the static page, which holds nothing of the server's. Asked of the route and not of the
 * path as it was sent: `/%61pi/listener` and `http://x/api/listener` reach the same route as `/api/listener`.
 */
function isGuarded({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return url.startsWith('/api/') || url === '/ws' || url === '/metrics'
}

function checkToken(request: FastifyRequest, rightOf: (given: string) => Right | null): Right {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? queryToken(request)
  const right = given === null ? null : rightOf(given)
  if (right !== null) return right
  throw new HttpError(401, 'TOKEN_REQUIRED', 'Send the token: Authorization: Bearer …')
}

/** A browser's WebSocket and a plain link cannot send headers. */
function queryToken({ routeOptions: { url }, query }: FastifyRequest): string | null {
  const { token } = query as { token?: unknown }
  return (url === '/ws' || url === '/api/events') && typeof token === 'string' ? token : null
}

/** The name in a Host header as browsers understand it: lower case, decimal and hex addresses resolved, no final dot. */
function hostname(host: string): string | null {
  const url = `http://${host}`
  if (host === '' || /[/?#@\\\s]/.test(host) || !URL.canParse(url)) return null
  return new URL(url).hostname.replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1')
}

function isOrigin(origin: string, url: string): boolean {
  return URL.canParse(origin) && URL.canParse(url) && new URL(origin).origin === new URL(url).origin
}

function isLoopback(name: string): boolean {
  return isIP(name) !== 0 && loopback.check(name, familyOf(name) === 4 ? 'ipv4' : 'ipv6')
}
