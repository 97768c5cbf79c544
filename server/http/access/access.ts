import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BlockList, isIP } from 'node:net'
import { familyOf, plainAddress, withoutZone } from '../../../shared/endpoint.ts'
import { allowedHost, hostName } from '../../host-name.ts'
import { HttpError } from '../errors.ts'
import { Guesses } from './guesses.ts'
import { SAFE_HEADERS } from './security-headers.ts'
import type { Student } from '../../class/session.ts'
import type { Holder, Right, Tokens } from './tokens.ts'

export interface AccessOptions {
  allowHosts: string[]
  readOnly: boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request's token allows. Without a configured token, every request has full rights. */
    right: Right
    /** The student whose key the request has. */
    student: Student | null
    /** The class whose secret or key the request has. */
    classId: string | null
  }

  interface FastifyContextConfig {
    /** A write that the class link may ask for (`join`), or only a student's own key (`student`). `open`: needs no token. */
    role?: 'join' | 'student' | 'open'
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/**
 * Decides which requests are served at all. A foreign page can make the visitor's browser send requests here (DNS
 * rebinding, cross-site WebSocket hijacking). So the Host must be one of ours, and a write or a stream with an Origin
 * must come from our own page.
 */
export function guard(app: FastifyInstance, options: AccessOptions, tokens: Tokens | null): void {
  const allowed = new Set(options.allowHosts.map(allowedHost))
  const origins = new Set(options.allowHosts.flatMap(originsOf))
  const guesses = new Guesses()
  app.decorateRequest('right', 'full')
  app.decorateRequest('student', null)
  app.decorateRequest('classId', null)
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SAFE_HEADERS)
    checkHost(request, allowed)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!reads || request.headers.upgrade !== undefined) checkOrigin(request, origins)
    else if (isGuarded(request)) checkSite(request)
    if (tokens !== null && isGuarded(request)) {
      Object.assign(request, await checkToken(request, reply, tokens, guesses))
    }
    const { role } = request.routeOptions.config
    if (role === 'student' && request.student === null) {
      throw new HttpError(403, 'STUDENTS_ONLY', 'Join the class first, and send the key of the student.')
    }
    if (reads || request.method === 'OPTIONS' || role === 'open' || !isReadOnly(request, options)) return
    if (role !== undefined && request.classId !== null && !options.readOnly) return
    const why = options.readOnly ? 'This server was started with --read-only.' : 'The join link is view-only.'
    throw new HttpError(403, 'READ_ONLY', why)
  })
}

export function isReadOnly({ right }: FastifyRequest, { readOnly }: AccessOptions): boolean {
  return readOnly || right !== 'full'
}

function checkHost(request: FastifyRequest, allowed: Set<string | null>): void {
  const host = askedHost(request)
  const name = hostName(host)
  if (name !== null) {
    if (name === 'localhost' || allowed.has(name) || isLoopback(name)) return
    // A name can be rebound to another address, an address cannot. So the address that received this request is safe.
    if (name === withoutZone(plainAddress(request.socket.localAddress ?? ''))) return
  }
  throw new HttpError(
    403,
    'HOST_NOT_ALLOWED',
    `This dashboard does not answer to the host ${JSON.stringify(host)}. Allow it with --allow-host.`,
  )
}

/** The authority in the request target overrides the Host header (RFC 9112, 3.2.2). Two Host headers are an error (3.2). */
function askedHost({ raw }: FastifyRequest): string {
  const { url = '', rawHeaders, headers } = raw
  if (!url.startsWith('/') && URL.canParse(url)) return new URL(url).host
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host')
  return hosts.length === 1 ? (headers.host ?? '') : ''
}

/** @param allowed origins of our page at a proxy that sends another Host than the browser */
function checkOrigin(request: FastifyRequest, allowed: Set<string>): void {
  const { origin } = request.headers
  if (origin === undefined || (URL.canParse(origin) && allowed.has(new URL(origin).origin))) return
  const host = askedHost(request)
  // The Host has been checked already, so an equal Origin, including the port, is our own page.
  if (['http:', 'https:'].some((scheme) => isOrigin(origin, `${scheme}//${host}`))) return
  throw new HttpError(
    403,
    'ORIGIN_NOT_ALLOWED',
    `Requests from pages at ${JSON.stringify(origin)} are not allowed. If it is this dashboard behind a proxy, use --allow-host.`,
  )
}

/**
 * Refuses reads by foreign pages. The browser would not show them the answer, but they could keep streams and
 * downloads open. Such requests have no Origin; the browser marks them with Fetch Metadata (W3C). Following a link is
 * allowed.
 */
function checkSite({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site']
  const elsewhere = site === 'cross-site' || site === 'same-site'
  if (!elsewhere || headers['sec-fetch-dest'] === 'document') return
  throw new HttpError(403, 'ORIGIN_NOT_ALLOWED', "Requests from other sites' pages are not allowed.")
}

/**
 * Everything except the health check and the static page, which contains no data of the server. This checks the route
 * instead of the path, because `/%61pi/listener` and `http://x/api/listener` reach the same route as `/api/listener`.
 */
function isGuarded({ routeOptions: { url = '', config } }: FastifyRequest): boolean {
  return config.role !== 'open' && (url.startsWith('/api/') || url === '/ws' || url === '/metrics')
}

async function checkToken(
  request: FastifyRequest,
  reply: FastifyReply,
  tokens: Tokens,
  guesses: Guesses,
): Promise<Holder> {
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? queryToken(request)
  if (given !== null) {
    const holder = await guesses.check(request.ip, () => tokens.holderOf(given))
    if (holder === 'too many') throw tooMany(reply)
    if (holder !== null) return holder
  }
  throw new HttpError(401, 'TOKEN_REQUIRED', 'Send the token: Authorization: Bearer …')
}

export function tooMany(reply: FastifyReply): HttpError {
  void reply.header('retry-after', 1)
  return new HttpError(429, 'TOO_MANY_REQUESTS', 'Too many wrong tokens from this address. Try again in a second.')
}

/** Reads the token from the query, because WebSockets in browsers and plain links cannot send headers. */
function queryToken({ routeOptions: { url }, query }: FastifyRequest): string | null {
  const { token } = query as { token?: unknown }
  return (url === '/ws' || url === '/api/events') && typeof token === 'string' ? token : null
}

/**
 * The origins of pages at an --allow-host name. Without a port this is the scheme's own port: other ports of that host may
 * serve other people's pages.
 */
function originsOf(host: string): string[] {
  const authority = isIP(host) === 6 ? `[${host}]` : host
  return ['http:', 'https:']
    .map((scheme) => `${scheme}//${authority}`)
    .flatMap((url) => (URL.canParse(url) ? [new URL(url).origin] : []))
}

function isOrigin(origin: string, url: string): boolean {
  return URL.canParse(origin) && URL.canParse(url) && new URL(origin).origin === new URL(url).origin
}

function isLoopback(name: string): boolean {
  return isIP(name) !== 0 && loopback.check(name, familyOf(name) === 4 ? 'ipv4' : 'ipv6')
}
