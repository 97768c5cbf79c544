import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Connection } from '../../shared/connection.ts'
import { toConnection } from '../table/entry.ts'
import { HttpError } from './errors.ts'
import type { StreamSource } from './stream.ts'
import { SORT_FIELDS, sortConnections } from './sort.ts'

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 50_000

const ListQuery = Type.Object({
  state: Type.Enum(['live', 'closed', 'any'], { default: 'live' }),
  limit: Type.Integer({ minimum: 0, maximum: LIMIT_MAX, default: LIMIT_DEFAULT }),
  offset: Type.Integer({ minimum: 0, default: 0 }),
  sort: Type.String({ pattern: `^-?(${SORT_FIELDS.join('|')})$`, default: '-id' }),
})

const IdParams = Type.Object({ id: Type.Integer({ minimum: 0 }) })

/** The port's state for scripts (interface, 4). */
export function serveApi(instance: FastifyInstance, { table, listener, kernel }: StreamSource): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get('/healthz', async (_request, reply) => {
    const { state, fault } = listener
    if (state !== 'down') return { status: 'ok' }
    return reply.code(503).send({ status: 'down', reason: fault })
  })

  app.get('/api/listener', async () => listener)

  app.get('/api/kernel', async () => {
    const { acceptQueue, ...state } = kernel.state
    return { ...state, listener: { ...listener, acceptQueue }, sockets: kernel.sockets }
  })

  app.get('/api/connections', { schema: { querystring: ListQuery } }, async ({ query }) => {
    const entries = table
      .all()
      .filter((entry) => query.state === 'any' || (query.state === 'live') === (entry.close === null))
    const items: Connection[] = entries.map((entry) => toConnection(entry, table.kernelSampledAt))
    sortConnections(items, query.sort)
    return { total: items.length, items: items.slice(query.offset, query.offset + query.limit) }
  })

  app.get('/api/connections/:id', { schema: { params: IdParams } }, async ({ params }) => {
    const entry = table.get(params.id)
    if (entry === null) throw new HttpError(404, 'CONNECTION_NOT_FOUND', `There is no connection ${params.id}.`)
    return toConnection(entry, table.kernelSampledAt)
  })
}
