import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { existsSync } from 'node:fs'
import type { Server } from 'node:http'
import { BODY_MAX } from '../../shared/action.ts'
import { descriptorLimit } from '../descriptors.ts'
import { PAGE_FOLDER } from '../paths.ts'
import { plainLogger } from './plain-logger.ts'
import { type AccessOptions, guard } from './access/access.ts'
import { serveActions } from './routes/actions.ts'
import { serveApi } from './routes/connections.ts'
import { FRAME_READ_MAX } from './stream/client-frames.ts'
import { answerBadRequest, answerBadUrl, answerErrors, describeInvalid } from './errors.ts'
import { serveDocs } from './docs/docs.ts'
import { serveEvents } from './stream/ndjson.ts'
import { serveClients } from './routes/clients.ts'
import { serveJoin, type JoinOptions } from './routes/join.ts'
import { serveKernel } from './routes/kernel.ts'
import { serveListener } from './routes/listener.ts'
import { limitWrites, SLOW } from './access/limits.ts'
import { serveMetrics } from './routes/metrics.ts'
import { servePayload } from './routes/payload.ts'
import { describeApi } from './docs/openapi.ts'
import type { Services } from './services.ts'
import { chooseProtocol, serveStream } from './stream/websocket.ts'
import { checkInput } from './validation.ts'
import { closeFeeds, mayUpgrade, watchUpgrades } from './stream/upgrades.ts'

/** Limit of sockets on the dashboard's port, so that clients cannot use up this process's descriptors. */
const SOCKETS_MAX = 160
/** Descriptors reserved for everything else, including the start of another listener process. */
const RESERVED_DESCRIPTORS = 48

/** Limits the sockets. Browsers keep up to six idle ones, so idle sockets are closed before anyone is refused. */
function boundSockets(server: Server): void {
  const most = Math.max(8, Math.min(SOCKETS_MAX, (descriptorLimit() ?? Infinity) - RESERVED_DESCRIPTORS))
  server.maxConnections = most
  server.on('connection', () => {
    server.getConnections((_error, count) => {
      if (count > (most * 3) / 4) server.closeIdleConnections()
    })
  })
}

/** Builds the dashboard's server: the page, `/ws` and the API. */
export async function buildHttp(
  source: Services,
  access: AccessOptions & JoinOptions,
  log: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: plainLogger(log),
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    bodyLimit: BODY_MAX,
    frameworkErrors: answerBadUrl,
    clientErrorHandler: answerBadRequest,
    schemaErrorFormatter: describeInvalid,
    requestTimeout: SLOW.requestTimeout,
    http: { shouldUpgradeCallback: mayUpgrade, ...SLOW },
  })
  boundSockets(app.server)
  answerErrors(app)
  await app.register(fastifyWebsocket, {
    options: { maxPayload: FRAME_READ_MAX, perMessageDeflate: false, autoPong: false, handleProtocols: chooseProtocol },
    preClose: closeFeeds,
  })
  watchUpgrades(app)
  // Must come after the WebSocket plugin, whose hook closes the socket of a refused upgrade and so has to run first.
  guard(app, access)
  checkInput(app)
  await limitWrites(app)
  await describeApi(app, source.version, access.token !== null)
  serveListener(app, source)
  serveApi(app, source)
  serveActions(app, source)
  servePayload(app, source)
  serveKernel(app, source)
  serveClients(app, source)
  serveJoin(app, access)
  serveEvents(app, source.hub)
  serveStream(app, source, access)
  serveMetrics(app, source)
  serveDocs(app, access.token !== null, PAGE_FOLDER)
  if (existsSync(PAGE_FOLDER)) {
    await app.register(fastifyStatic, { root: PAGE_FOLDER, setHeaders: cacheHeaders })
  } else {
    log.warn('the dashboard has not been built: run `npm run build`')
  }
  return app
}

/** Files with a hash in their name never change; index.html has none. */
function cacheHeaders(reply: { header(name: string, value: string): unknown }, path: string): void {
  const immutable = path.includes('/assets/')
  reply.header('cache-control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
}
