import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { existsSync } from 'node:fs'
import { type AccessOptions, guard } from './access.ts'
import { serveApi } from './api.ts'
import { FRAME_READ_MAX } from './client-frames.ts'
import { answerErrors } from './errors.ts'
import { serveEvents } from './events.ts'
import { serveClients } from './clients-api.ts'
import { serveKernel } from './kernel-api.ts'
import { serveListener } from './listener-api.ts'
import type { Source } from './source.ts'
import { chooseProtocol, serveStream } from './stream.ts'

const PAGE = new URL('../../web/dist/', import.meta.url).pathname
/** Sockets of the dashboard's port, so that strangers cannot use up this process's descriptors. */
const SOCKETS_MAX = 160
/** Milliseconds a dashboard has to answer the end of its feed when the server stops. */
const FEED_GRACE_MS = 500

/** The dashboard's port: the page, `/ws` and the API. */
export async function buildHttp(
  source: Source,
  access: AccessOptions,
  log: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: 1024 * 1024,
  })
  app.server.maxConnections = SOCKETS_MAX
  answerErrors(app)
  await app.register(fastifyWebsocket, {
    options: { maxPayload: FRAME_READ_MAX, perMessageDeflate: false, handleProtocols: chooseProtocol },
    preClose: closeFeeds,
  })
  // After the WebSocket plugin, whose own hook must see an upgrade first: it closes the socket of one that is refused.
  guard(app, access)
  serveListener(app, source)
  serveApi(app, source)
  serveKernel(app, source)
  serveClients(app, source)
  serveEvents(app, source.hub)
  serveStream(app, source)
  if (existsSync(PAGE)) {
    await app.register(fastifyStatic, { root: PAGE, setHeaders: cacheHeaders })
  } else {
    log.warn('the dashboard has not been built: run `npm run build`')
  }
  return app
}

function closeFeeds(this: FastifyInstance, done: () => void): void {
  for (const feed of this.websocketServer.clients) {
    feed.close(1001, 'the server stops')
    // ws itself waits 30 s for a dashboard that does not answer.
    setTimeout(() => feed.terminate(), FEED_GRACE_MS).unref()
  }
  done()
}

/** Vite puts a hash into the names of what it builds, but not into index.html. */
function cacheHeaders(reply: { header(name: string, value: string): unknown }, path: string): void {
  const immutable = path.includes('/assets/')
  reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
}
