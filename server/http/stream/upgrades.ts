import type { FastifyInstance } from 'fastify'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** An upgraded socket that has not become a WebSocket by then never will. */
const UPGRADE_MS = 2_000
/** Milliseconds a dashboard has to answer the end of its feed when the server stops. */
const FEED_GRACE_MS = 500

/** For http.createServer: elsewhere an upgrade is ignored and the request answered as any other (RFC 9110, 7.8). */
export function mayUpgrade({ url = '' }: IncomingMessage): boolean {
  return url === '/ws' || url.startsWith('/ws?')
}

/**
 * Node hands an upgraded socket over and forgets it: one that is refused, or upgraded behind an answer still under way, would
 * stay open for ever and keep the server from stopping. So each has an owner or an end.
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

/** For @fastify/websocket, when the server stops. */
export function closeFeeds(this: FastifyInstance, done: () => void): void {
  for (const feed of this.websocketServer.clients) {
    feed.close(1001, 'the server stops')
    // ws itself waits 30 s for a dashboard that does not answer.
    setTimeout(() => feed.terminate(), FEED_GRACE_MS).unref()
  }
  done()
}
