import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { count } from '../../../shared/schema/base.ts'
import { DirectionSchema } from '../../../shared/schema/payload.ts'
import type { Direction } from '../../../shared/vocabulary.ts'
import type { Actions, PayloadPiece } from '../../ports/actions.ts'
import type { Entry } from '../../table/entry.ts'
import { toConnection } from '../../table/entry.ts'
import { HttpError, noSuchConnection } from '../errors.ts'
import { lifeLines } from './connection-events.ts'
import { answers, IdParams, mayLack } from '../schemas/common.ts'
import type { Services } from '../services.ts'

/** Bytes requested from the listener process at a time, which limits the memory of a download. */
const PIECE_BYTES = 256 * 1024
const DOWNLOADS_MAX = 8

const tags = ['connections']
const BAD = ['CONNECTION_NOT_FOUND', 'LISTENER_DOWN', 'LISTENER_UNRESPONSIVE', 'TOO_MANY_DOWNLOADS'] as const

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

/** The request's parts as validated by the schemas. */
interface Asked {
  Params: { id: number }
  Querystring: { direction: Direction }
}

/** Routes that download a connection's captured bytes and its events. */
export const payloadRoutes: FastifyPluginAsync<Services> = async (app, { actions, table }) => {
  let downloads = 0

  // No HEAD route, because it would request bytes that nobody reads.
  app.get<Asked>(
    '/api/connections/:id/payload',
    { schema: payload, exposeHeadRoute: false },
    async (request, reply) => {
      const { params, query } = request
      const entry = known(params.id)
      return download(reply, async () => {
        const first = await actions.payload(entry.id, 0, PIECE_BYTES)
        const total = query.direction === 'in' ? entry.progress.bytesIn : entry.progress.bytesOut
        const [from, to] = first === null ? [total, total] : [first.from[query.direction], first.to[query.direction]]
        const bytes = captured(actions, entry.id, first, query.direction, from, to)
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

/** Yields a connection's captured bytes piece by piece. The next piece is requested only when the last one has been used. */
async function* pieces(actions: Actions, id: number, first: PayloadPiece | null): AsyncGenerator<PayloadPiece> {
  let piece = first ?? (await actions.payload(id, 0, PIECE_BYTES))
  while (piece !== null) {
    yield piece
    const last = piece.chunks.at(-1)
    if (!piece.more || last === undefined) return
    piece = await actions.payload(id, last.n, PIECE_BYTES)
  }
}

/** Yields the bytes of one direction from `from` to `to`. @throws if some of them have been dropped during the download */
async function* captured(
  actions: Actions,
  id: number,
  first: PayloadPiece | null,
  direction: Direction,
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  let at = from
  if (at === to) return
  for await (const { chunks } of pieces(actions, id, first)) {
    for (const { offset, data, ...chunk } of chunks) {
      if (chunk.direction !== direction) continue
      if (offset > at) break
      const bytes = Buffer.from(data, 'base64').subarray(at - offset, to - offset)
      at += bytes.length
      yield bytes
      if (at === to) return
    }
  }
  throw new Error(`bytes ${at} to ${to} of connection ${id} were dropped during their download`)
}
