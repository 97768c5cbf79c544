import fastifySwagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { MODELS } from '../schemas/models.ts'

const TAGS = [
  { name: 'listener', description: 'The listening socket, which accepts every connection.' },
  { name: 'connections', description: 'The connected sockets: one for each client, all on one port.' },
  { name: 'kernel', description: 'What the kernel knows about the port.' },
  { name: 'clients', description: 'Built-in clients. They connect to this listener only.' },
  { name: 'class', description: 'A class: students with real connections of their own.' },
  { name: 'streams', description: 'Changes as they happen.' },
  { name: 'server', description: 'The server itself.' },
]

const ABOUT =
  'Everything the dashboard shows and does. Times are integer milliseconds since the Unix epoch (`…At`) or durations in ' +
  'milliseconds (`…Ms`). Sizes are in bytes. Fields may be added; none is renamed or dropped. An unknown query parameter is refused.'

/** Collects the routes' schemas for the OpenAPI document. Call it before adding routes. */
export async function describeApi(app: FastifyInstance, version: string, hasToken: boolean): Promise<void> {
  for (const model of MODELS) app.addSchema(model)
  await app.register(fastifySwagger, {
    // The paths are complete as they are, and the plugin cannot parse a relative server.
    stripBasePath: false,
    openapi: {
      openapi: '3.1.0',
      info: { title: 'oneport', version, description: ABOUT },
      // Relative to the document, because a proxy may serve it below a path of its own.
      servers: [{ url: '..' }],
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'The token set with --token.' },
          query: {
            type: 'apiKey',
            in: 'query',
            name: 'token',
            description: 'The same token, for browsers, which cannot send headers here.',
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
