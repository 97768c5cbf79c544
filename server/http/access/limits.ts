import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { HttpError } from '../errors.ts'

/**
 * Limit of writes per address and WRITES_MS, separately for scripts and pages: 200 per second on average, with room
 * for bursts.
 */
export const WRITES_MAX = 2_000
export const WRITES_MS = 10_000

/** Slowloris protection: header and request timeouts in milliseconds. */
export const SLOW = { headersTimeout: 5_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 }

/** How long an idle socket is kept for the next request, milliseconds. */
export const KEEP_ALIVE_MS = 72_000

/** Limits writes; reads are not counted. Register it before the routes. */
export async function limitWrites(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    max: WRITES_MAX,
    timeWindow: WRITES_MS,
    // Limit scripts and dashboards separately per address, so a runaway script cannot lock out the page. Only
    // browsers send an Origin.
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
