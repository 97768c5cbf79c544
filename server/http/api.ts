import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Connection } from '../../shared/connection.ts'
import { toConnection } from '../table/entry.ts'
import { HttpError } from './errors.ts'
import type { Source } from './source.ts'
import { SORT_FIELDS, sortConnections } from './sort.ts'

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 50_000

const ListQuery = Type.Object({
  state: Type.Enum(['live', 'closed', 'any'], { default: 'live' }),
  limit: Type.Integer({ minimum: 0, maximum: LIMIT_MAX, default: LIMIT_DEFAULT }),
  offset: Type.Integer({ minimum: 0, default: 0 }),
  sort: Type.Enum([...SORT_FIELDS, ...SORT_FIELDS.map((field) => `-${field}`)], { default: '-id' }),
})

const IdParams = Type.Object({ id: Type.Integer({ minimum: 0 }) })

/** The connections, live and remembered (interface, 4). */
export function serveApi(instance: FastifyInstance, { table, descriptorInode }: Source): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

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
    const connection = toConnection(entry, table.kernelSampledAt)
    // Asked of /proc for the one that is looked at: the descriptor and the kernel's socket are the same thing.
    const { pid, fd } = connection
    return { ...connection, descriptorInode: fd === null ? null : descriptorInode(pid, fd) }
  })
}
