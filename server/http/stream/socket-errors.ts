import type { WebSocket } from '@fastify/websocket'
import type { FastifyBaseLogger } from 'fastify'

/** At most one line in this time, because any client can cause these errors as often as it likes. */
const PAUSE_MS = 10_000

/**
 * For @fastify/websocket: handles errors of a dashboard's WebSocket. Those of the other end, such as an invalid frame or
 * a reset, are only worth a line for debugging. Any other error is a fault of ours.
 */
export function socketErrors(log: FastifyBaseLogger): (error: Error, socket: WebSocket) => void {
  let loggedAt = -Infinity
  let unlogged = 0
  return (error, socket) => {
    socket.terminate()
    if (!isFromPeer(error)) return log.error({ err: error }, 'a WebSocket failed')
    if (performance.now() - loggedAt < PAUSE_MS) return void unlogged++
    log.debug({ code: error.code, reason: error.message, unlogged }, 'a WebSocket broke off')
    loggedAt = performance.now()
    unlogged = 0
  }
}

/** Codes of ws for invalid frames, and of the kernel for broken connections. */
function isFromPeer(error: Error): error is Error & { code: string } {
  return 'code' in error && typeof error.code === 'string' && /^(WS_ERR_|ECONN|EPIPE$|ETIMEDOUT$)/.test(error.code)
}
