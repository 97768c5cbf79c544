import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { isAnswering } from '../access/one-at-a-time.ts'

/** Time limit for an upgraded socket to become a WebSocket. */
const UPGRADE_MS = 2_000
/** Time for a dashboard to answer the close frame when the server stops. */
const FEED_GRACE_MS = 500

/**
 * For http.createServer. On other paths, and behind an answer that is still under way, an Upgrade header is ignored and
 * the request is answered normally (RFC 9110, 7.8).
 */
export function mayUpgrade({ url = '', socket }: IncomingMessage): boolean {
  return (url === '/ws' || url.startsWith('/ws?')) && !isAnswering(socket)
}

/**
 * Closes upgraded sockets that never become a WebSocket, because Node no longer tracks them. Such a socket would stay
 * open forever and keep the server from stopping.
 */
export function watchUpgrades(app: FastifyInstance): void {
  const pending = new Map<Duplex, NodeJS.Timeout>()
  const settle = (socket: Duplex): void => {
    clearTimeout(pending.get(socket))
    pending.delete(socket)
  }
  app.server.prependListener('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    const timer = setTimeout(() => socket.destroy(), UPGRADE_MS)
    pending.set(socket, timer)
    socket.once('close', () => settle(socket))
  })
  app.websocketServer.on('connection', (_feed, request) => settle(request.socket))
  app.addHook('preClose', (done) => {
    for (const socket of pending.keys()) socket.destroy()
    done()
  })
}

/** For @fastify/websocket: closes all feeds when the server stops. */
export function closeFeeds(this: FastifyInstance, done: () => void): void {
  for (const feed of this.websocketServer.clients) {
    feed.close(1001, 'the server stops')
    // ws waits 30 seconds for a client that does not answer.
    setTimeout(() => feed.terminate(), FEED_GRACE_MS).unref()
  }
  done()
}
