import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { oneOf, ref } from '../../../shared/schema/base.ts'
import { ConnectionsAnswer, ConnectionWithInodeModel } from '../../../shared/schema/connection.ts'
import { toConnection } from '../../table/entry.ts'
import { noSuchConnection } from '../errors.ts'
import { answers, IdParams, mayLack } from '../schemas/common.ts'
import type { Services } from '../services.ts'
import { connectionText } from '../schemas/connection-text.ts'
import { sendList } from '../lists/long-list.ts'
import { turn } from '../lists/turns.ts'
import { SORT_FIELDS, sortEntries } from './sort.ts'

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 50_000

const tags = ['connections']

const list = {
  tags,
  summary: 'List connections, live and closed',
  querystring: Type.Object({
    state: mayLack(oneOf(['live', 'closed', 'any'], { default: 'live' })),
    limit: mayLack(Type.Integer({ minimum: 0, maximum: LIMIT_MAX, default: LIMIT_DEFAULT })),
    offset: mayLack(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })),
    sort: mayLack(
      oneOf([...SORT_FIELDS, ...SORT_FIELDS.map((field) => `-${field}`)], {
        default: '-id',
        description: 'The name of a field. A `-` before it sorts in descending order.',
      }),
    ),
  }),
  response: answers({ 200: ConnectionsAnswer }),
}

const one = {
  tags,
  summary: 'Get one connection',
  params: IdParams,
  response: answers({ 200: ref(ConnectionWithInodeModel) }, 'CONNECTION_NOT_FOUND'),
}

/** Routes that read live and closed connections. */
export const connectionRoutes: FastifyPluginAsyncTypebox<Services> = async (
  app,
  { table, kernel, descriptorInode },
) => {
  app.get('/api/connections', { schema: list }, async ({ query }, reply) => {
    await turn()
    // The whole list shows one moment: an ending after this number is left out.
    const { seq, kernelSampledAt, otherEndsSampledAt } = table
    const sampled = { kernelSampledAt, otherEndsSampledAt }
    const entries = table
      .all()
      .filter((entry) => query.state === 'any' || (query.state === 'live') === (entry.close === null))
    const sorted = await sortEntries(entries, sampled, query.sort)
    const items = sorted.slice(query.offset, query.offset + query.limit)
    return sendList(reply, { total: sorted.length }, 'items', items, (entry) =>
      connectionText(toConnection(entry, sampled, seq)),
    )
  })

  app.get('/api/connections/:id', { schema: one }, async ({ params }) => {
    const entry = table.get(params.id)
    if (entry === null) throw noSuchConnection(params.id)
    await kernel.findOtherOwner(entry)
    const connection = toConnection(entry, table)
    // The inode from /proc proves that the descriptor belongs to the kernel's socket.
    const { pid, fd } = connection
    return { ...connection, descriptorInode: fd === null ? null : descriptorInode(pid, fd) }
  })
}
