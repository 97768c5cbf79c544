import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { count } from '../../../shared/schema/base.ts'
import { DirectionSchema } from '../../../shared/schema/payload.ts'
import { untaken, written } from '../../../shared/untaken.ts'
import type { Direction } from '../../../shared/vocabulary.ts'
import type { Entry } from '../../table/entry.ts'
import { toConnection } from '../../table/entry.ts'
import { HttpError, noSuchConnection } from '../errors.ts'
import { exportPcapng } from '../../pcapng/export.ts'
import { captured, firstPiece, pieces } from './captured.ts'
import { lifeLines } from './connection-events.ts'
import { answers, IdParams, mayLack, NO_LISTENER } from '../schemas/common.ts'
import type { Services } from '../services.ts'

const DOWNLOADS_MAX = 8

const tags = ['connections']
const BAD = ['CONNECTION_NOT_FOUND', ...NO_LISTENER, 'TOO_MANY_DOWNLOADS'] as const

const payload = {
  tags,
  summary: 'Download the captured bytes of one direction',
  description:
    'The newest bytes, as many as `--capture-bytes` keeps, always as an attachment. If the server drops some of them while a ' +
    'slow reader reads, it breaks off the download.',
  params: IdParams,
  querystring: Type.Object({
    direction: mayLack(Type.Unsafe<Direction>({ ...DirectionSchema, default: 'in' })),
  }),
  response: answers(
    {
      200: {
        description: 'The bytes, unchanged.',
        headers: {
          'oneport-payload-offset': count('Stream offset of the first byte.'),
          'oneport-payload-total': count('Bytes in the stream so far.'),
          'oneport-payload-taken': count(
            '`out` only: where the bytes end that the kernel has taken. Those after them wait in the server, or were never sent.',
          ),
        },
        content: { 'application/octet-stream': { schema: Type.String({ contentEncoding: 'binary' }) } },
      },
    },
    ...BAD,
  ),
}

const life = {
  tags,
  summary: 'Get the events of one connection, one a line',
  description:
    'JSON objects ordered by time, each with a `kind` and an `at`: `accept`, `chunk` (offset and size, without the bytes), ' +
    '`half-close`, `action`, `close`. `dropped` counts the bytes whose chunks are no longer kept.',
  params: IdParams,
  response: answers(
    {
      200: {
        description: 'Every event up to now.',
        content: {
          'application/x-ndjson': { schema: Type.Object({ kind: Type.String(), at: Type.Integer() }) },
        },
      },
    },
    ...BAD,
  ),
}

const pcapng = {
  tags,
  summary: 'Download one connection as a pcapng file, for Wireshark',
  description:
    'The captured bytes of both directions in packets, with handshake, FIN and RST. The IP and TCP headers are synthesized: ' +
    'the comment of the section says so, and which bytes are missing.',
  params: IdParams,
  response: answers(
    {
      200: {
        description: 'A pcapng file with one interface.',
        content: { 'application/x-pcapng': { schema: Type.String({ contentEncoding: 'binary' }) } },
      },
    },
    ...BAD,
  ),
}

/** The request's parts as validated by the schemas. */
interface Asked {
  Params: { id: number }
  Querystring: { direction: Direction }
}

/** Routes that download a connection's captured bytes, its events, and both as packets. */
export const payloadRoutes: FastifyPluginAsync<Services> = async (app, { actions, table, version }) => {
  let downloads = 0

  // No HEAD route, because it would request bytes that nobody reads.
  app.get<Asked>(
    '/api/connections/:id/payload',
    { schema: payload, exposeHeadRoute: false },
    async (request, reply) => {
      const { params, query } = request
      const entry = known(params.id)
      return download(reply, async () => {
        const first = await firstPiece(actions, entry.id)
        const total = query.direction === 'in' ? entry.progress.bytesIn : written(entry.progress)
        const [from, to] = first === null ? [total, total] : [first.from[query.direction], first.to[query.direction]]
        const bytes = captured(actions, entry.id, first, query.direction, from, to)
        if (query.direction === 'out') {
          reply.header('oneport-payload-taken', Math.min(to, untaken(toConnection(entry, table)).from))
        }
        return reply
          .type('application/octet-stream')
          .header('content-disposition', `attachment; filename="oneport-${entry.id}-${query.direction}.bin"`)
          .header('content-length', to - from)
          .header('oneport-payload-offset', from)
          .header('oneport-payload-total', to)
          .header('cache-control', 'no-store')
          .send(Readable.from(bytes, { objectMode: false }))
      })
    },
  )

  app.get<Asked>('/api/connections/:id/events', { schema: life, exposeHeadRoute: false }, async ({ params }, reply) => {
    const entry = known(params.id)
    return download(reply, async () => {
      const lines = await lifeLines(toConnection(entry, table), pieces(actions, entry.id, null))
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="oneport-${entry.id}.ndjson"`)
        .header('cache-control', 'no-store')
        .send(lines.join('\n') + '\n')
    })
  })

  app.get<Asked>(
    '/api/connections/:id/pcapng',
    { schema: pcapng, exposeHeadRoute: false },
    async ({ params }, reply) => {
      const entry = known(params.id)
      return download(reply, async () => {
        const record = toConnection(entry, table)
        const first = await firstPiece(actions, entry.id)
        const file = exportPcapng(record, first, pieces(actions, entry.id, first), version)
        return reply
          .type('application/x-pcapng')
          .header('content-disposition', `attachment; filename="oneport-${entry.id}.pcapng"`)
          .header('cache-control', 'no-store')
          .send(Readable.from(file, { objectMode: false }))
      })
    },
  )

  function known(id: number): Entry {
    const entry = table.get(id)
    if (entry === null) throw noSuchConnection(id)
    return entry
  }

  /** Counts a download until the response has been sent or the reader has disconnected. */
  async function download(reply: FastifyReply, answer: () => Promise<FastifyReply>): Promise<FastifyReply> {
    if (downloads >= DOWNLOADS_MAX) {
      throw new HttpError(
        503,
        'TOO_MANY_DOWNLOADS',
        `${DOWNLOADS_MAX} downloads are running already. Try again when one has ended.`,
      )
    }
    downloads++
    reply.raw.once('close', () => downloads--)
    return answer()
  }
}
