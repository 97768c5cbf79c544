import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { oneOf, ref } from '../../../shared/schema/base.ts'
import { ConnectionIdsAnswer, ConnectionsAnswer, ConnectionWithInodeModel } from '../../../shared/schema/connection.ts'
import { FILTER_MAX, type Misread } from '../../../shared/filter/filter.ts'
import { toConnection } from '../../table/entry.ts'
import { noSuchConnection } from '../errors.ts'
import { answers, IdParams, mayLack, NO_LISTENER } from '../schemas/common.ts'
import type { Services } from '../services.ts'
import { sendList } from '../lists/long-list.ts'
import { EntrySelector } from './select-entries.ts'
import { SORT_FIELDS, sortEntries } from './sort.ts'

const LIMIT_DEFAULT = 100
const LIMIT_MAX = 50_000

const tags = ['connections']

/** The parameters that select connections. */
const selecting = {
  state: mayLack(oneOf(['live', 'closed', 'any'], { default: 'live' })),
  filter: Type.Optional(
    Type.String({
      maxLength: FILTER_MAX,
      description:
        'What the filter box of the page takes: words that must all match, such as `ip:10.0.0.0/8`, `state:open`, ' +
        '`sendq>1k`, `text:"GET /"`, `-` for not, `OR` between alternatives. docs/api.md lists the terms. A word that is no ' +
        'term is searched as plain text. At most 2,000 characters, 50 words and 3 different `text:` terms.',
      examples: ['state:open bytes>10k'],
    }),
  ),
}
const CANNOT_SEARCH = [...NO_LISTENER, 'TOO_MANY_SEARCHES'] as const

const list = {
  tags,
  summary: 'List connections, live and closed',
  querystring: Type.Object({
    ...selecting,
    limit: mayLack(Type.Integer({ minimum: 0, maximum: LIMIT_MAX, default: LIMIT_DEFAULT })),
    offset: mayLack(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, default: 0 })),
    sort: mayLack(
      oneOf([...SORT_FIELDS, ...SORT_FIELDS.map((field) => `-${field}`)], {
        default: '-id',
        description: 'The name of a field. A `-` before it sorts in descending order.',
      }),
    ),
  }),
  response: answers({ 200: ConnectionsAnswer }, ...CANNOT_SEARCH),
}

const ids = {
  tags,
  summary: 'List the ids of connections',
  description: 'For requests that take ids, and for programs that have the records already.',
  querystring: Type.Object(selecting),
  response: answers({ 200: ConnectionIdsAnswer }, ...CANNOT_SEARCH),
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
  { table, kernel, actions, descriptorInode },
) => {
  const selector = new EntrySelector({ table, actions })

  app.get('/api/connections', { schema: list }, async ({ query }, reply) => {
    const { entries, seq, sampled, misread } = await selector.select(query)
    const sorted = await sortEntries(entries, sampled, query.sort)
    const items = sorted.slice(query.offset, query.offset + query.limit)
    return sendList(reply, { total: sorted.length, ...misreadField(misread) }, 'items', items, (entry) =>
      JSON.stringify(toConnection(entry, sampled, seq)),
    )
  })

  app.get('/api/connections/ids', { schema: ids }, async ({ query }, reply) => {
    const { entries, misread } = await selector.select(query)
    return sendList(reply, { total: entries.length, ...misreadField(misread) }, 'ids', entries, ({ id }) => String(id))
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

/** Absent if every word was read. */
function misreadField(misread: readonly Misread[]): object {
  return misread.length === 0 ? {} : { misread: misread.map(({ word, nearest }) => ({ word, nearest })) }
}
