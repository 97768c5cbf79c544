import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { Connection } from '../../../shared/connection.ts'
import { toConnection } from '../../table/entry.ts'
import { HttpError } from '../errors.ts'
import { answers, count, IdParams, mayLack, ref } from '../schemas/common.ts'
import { ConnectionModel, WatchedModel } from '../schemas/connection.ts'
import type { Services } from '../services.ts'
import { SORT_FIELDS, sortConnections } from './sort.ts'

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 50_000

const tags = ['connections']

const list = {
  tags,
  summary: 'The connections, live and remembered',
  querystring: Type.Object({
    state: mayLack(Type.Enum(['live', 'closed', 'any'], { default: 'live' })),
    limit: mayLack(Type.Integer({ minimum: 0, maximum: LIMIT_MAX, default: LIMIT_DEFAULT })),
    offset: mayLack(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })),
    sort: mayLack(
      Type.Enum([...SORT_FIELDS, ...SORT_FIELDS.map((field) => `-${field}`)], {
        default: '-id',
        description: "A field's name; with `-` before it, descending.",
      }),
    ),
  }),
  response: answers(
    {
      200: Type.Object(
        { total: count('How many there are in all.'), items: Type.Array(ref(ConnectionModel)) },
        { description: 'A page of them.' },
      ),
    },
    'INVALID',
  ),
}

const one = {
  tags,
  summary: 'One connection',
  params: IdParams,
  response: answers({ 200: ref(WatchedModel) }, 'INVALID', 'CONNECTION_NOT_FOUND'),
}

/** The connections, live and remembered (docs/api.md). */
export function serveApi(instance: FastifyInstance, { table, descriptorInode }: Services): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get('/api/connections', { schema: list }, async ({ query }) => {
    const entries = table
      .all()
      .filter((entry) => query.state === 'any' || (query.state === 'live') === (entry.close === null))
    const items: Connection[] = entries.map((entry) => toConnection(entry, table.kernelSampledAt))
    sortConnections(items, query.sort)
    return { total: items.length, items: items.slice(query.offset, query.offset + query.limit) }
  })

  app.get('/api/connections/:id', { schema: one }, async ({ params }) => {
    const entry = table.get(params.id)
    if (entry === null) throw new HttpError(404, 'CONNECTION_NOT_FOUND', `There is no connection ${params.id}.`)
    const connection = toConnection(entry, table.kernelSampledAt)
    // Asked of /proc for the one that is looked at: the descriptor and the kernel's socket are the same thing.
    const { pid, fd } = connection
    return { ...connection, descriptorInode: fd === null ? null : descriptorInode(pid, fd) }
  })
}
