import fastifyStatic from '@fastify/static'
import fastifyWebsocket from '@fastify/websocket'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { existsSync } from 'node:fs'
import { BODY_MAX } from '../../shared/action.ts'
import { PAGE_FOLDER } from '../paths.ts'
import { plainLogger } from './plain-logger.ts'
import { type AccessOptions, guard } from './access/access.ts'
import { oneAtATime } from './access/one-at-a-time.ts'
import { READERS_KEPT, ReaderPlaces } from './access/reader-places.ts'
import { limitSockets } from './access/sockets.ts'
import { actionRoutes } from './routes/actions.ts'
import { connectionRoutes } from './routes/connections.ts'
import { FRAME_READ_MAX } from './stream/client-frames.ts'
import { answerBadRequest, answerBadUrl, answerErrors, describeInvalid } from './errors.ts'
import { docsRoutes } from './docs/docs.ts'
import { eventsRoute } from './stream/ndjson.ts'
import { clientRoutes } from './routes/clients.ts'
import { classRoutes } from './routes/class.ts'
import { crowdRoutes } from './routes/crowd.ts'
import { joinRoutes, type JoinOptions } from './routes/join.ts'
import { kernelRoutes } from './routes/kernel.ts'
import { listenerRoutes } from './routes/listener.ts'
import { listenTrialRoutes } from './routes/listen-trials.ts'
import { KEEP_ALIVE_MS, limitWrites, SLOW } from './access/limits.ts'
import { Tokens } from './access/tokens.ts'
import { studentRoutes } from './routes/students.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { payloadRoutes } from './routes/payload.ts'
import { describeApi } from './docs/openapi.ts'
import type { Services } from './services.ts'
import { socketErrors } from './stream/socket-errors.ts'
import { chooseProtocol, streamRoute } from './stream/websocket.ts'
import { checkInput } from './validation.ts'
import { closeFeeds, mayUpgrade, watchUpgrades } from './stream/upgrades.ts'

// Loaded without an import, as in errors.ts.
const { createServer } = process.getBuiltinModule('node:http')

const serverOptions = { shouldUpgradeCallback: mayUpgrade, keepAliveTimeout: KEEP_ALIVE_MS, ...SLOW }

/** The API's routes, in the order of the OpenAPI document. */
const ROUTES = [
  listenerRoutes,
  listenTrialRoutes,
  connectionRoutes,
  actionRoutes,
  payloadRoutes,
  kernelRoutes,
  clientRoutes,
  crowdRoutes,
  classRoutes,
  studentRoutes,
  metricsRoutes,
]

/** Builds a dashboard's server: the page, `/ws` and the API. @param access `studentsOnly`: that of a class, where nobody has full rights */
export async function buildHttp(
  services: Services,
  access: AccessOptions & JoinOptions & { token: string | null; maxReaders: number; studentsOnly?: boolean },
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
    serverFactory: (answer) => createServer(serverOptions, oneAtATime(answer)),
  })
  limitSockets(app.server, access.maxReaders + READERS_KEPT)
  const { token } = access
  const tokens = token === null && !access.studentsOnly ? null : new Tokens(token, services.room)
  const places = new ReaderPlaces(access.maxReaders, tokens !== null)
  answerErrors(app)
  await app.register(fastifyWebsocket, {
    options: {
      maxPayload: FRAME_READ_MAX,
      perMessageDeflate: false,
      autoPong: false,
      // One frame in a turn of the event loop: 64 KiB hold two thousand, and other requests must not wait for all of them.
      allowSynchronousEvents: false,
      handleProtocols: chooseProtocol,
    },
    preClose: closeFeeds,
    errorHandler: socketErrors(log),
  })
  watchUpgrades(app)
  // Must come after the WebSocket plugin, whose hook closes the socket of a refused upgrade and so has to run first.
  guard(app, access, tokens)
  checkInput(app)
  await limitWrites(app)
  // A request that changes something may change sockets.
  app.addHook('onResponse', async ({ method }, { statusCode }) => {
    if (method !== 'GET' && method !== 'HEAD' && statusCode < 400) services.kernel.soon()
  })
  await describeApi(app, services.version, tokens !== null)
  for (const routes of ROUTES) await app.register(routes, services)
  await app.register(joinRoutes, { ...access, token: tokens?.join ?? null })
  await app.register(eventsRoute, { hub: services.hub, places })
  await app.register(streamRoute, { services, access, places })
  await app.register(docsRoutes, { hasToken: tokens !== null, pageFolder: PAGE_FOLDER })
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
