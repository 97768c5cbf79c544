import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { HttpError } from '../errors.ts'

/** Writes from one address, by scripts or by pages, in any WRITES_MS: 200 a second for long, and more at once than a person or a test of theirs makes. */
export const WRITES_MAX = 2_000
export const WRITES_MS = 10_000

/** Milliseconds for a request's headers and for all of it: whoever is slower is not let keep one of the few sockets. */
export const SLOW = { headersTimeout: 5_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 }

/** Before the routes: what asks for nothing but to read is not counted. */
export async function limitWrites(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    max: WRITES_MAX,
    timeWindow: WRITES_MS,
    // Of one machine a script that writes too much must not keep the page from it; only a browser says where a page is from.
    keyGenerator: ({ ip, headers }) => `${ip} ${headers.origin === undefined ? 'script' : 'page'}`,
    allowList: ({ method }) => method === 'GET' || method === 'HEAD',
    errorResponseBuilder: (_request, { statusCode, max }) =>
      new HttpError(
        statusCode,
        'TOO_MANY_REQUESTS',
        `At most ${max} writes in ${WRITES_MS / 1000} s from one address.`,
      ),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  })
}
