import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { ActionModel } from '../schemas/action.ts'
import { ClientModel } from '../schemas/client.ts'
import { EndpointModel, ErrorModel } from '../schemas/common.ts'
import { CloseModel, ConnectionModel, WatchedModel } from '../schemas/connection.ts'
import { KernelFactsModel, KernelModel, ListeningSocketModel, SocketModel } from '../schemas/kernel.ts'
import { JoinModel } from '../schemas/join.ts'
import { CountersModel, ListenerModel } from '../schemas/listener.ts'

const MODELS = [
  ConnectionModel,
  WatchedModel,
  CloseModel,
  ActionModel,
  EndpointModel,
  KernelFactsModel,
  ListenerModel,
  CountersModel,
  KernelModel,
  SocketModel,
  ListeningSocketModel,
  ClientModel,
  JoinModel,
  ErrorModel,
]

const TAGS = [
  { name: 'listener', description: 'The listening socket: the one place where connections are waited for.' },
  { name: 'connections', description: 'The connected sockets, one for each client, all on the one port.' },
  { name: 'kernel', description: 'What the operating system itself says of the port.' },
  { name: 'clients', description: 'Built-in clients of this listener, and of no other target.' },
  { name: 'streams', description: 'What happens, as it happens.' },
  { name: 'server', description: 'The server itself.' },
]

const ABOUT =
  'Everything the dashboard shows and does. Times are integer milliseconds since the Unix epoch (`…At`) or durations in ' +
  'milliseconds (`…Ms`), sizes bytes. Fields may be added, none is renamed or dropped.'

/** Collects the routes' schemas into the OpenAPI document; before the routes. */
export async function describeApi(app: FastifyInstance, version: string, hasToken: boolean): Promise<void> {
  for (const model of MODELS) app.addSchema(model)
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'oneport', version, description: ABOUT },
      servers: [{ url: '/' }],
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'The token of --token, where one is set.' },
          query: {
            type: 'apiKey',
            in: 'query',
            name: 'token',
            description: 'The same, where a browser cannot send headers.',
          },
        },
      },
      security: hasToken ? [{ bearer: [] }] : [{}, { bearer: [] }],
    },
    refResolver: {
      buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === 'string' ? $id : `model-${i}`),
    },
  })
}
