import type { FastifyInstance, FastifyReply } from 'fastify'
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import type { Direction } from '../../../shared/payload.ts'
import type { Actions, PayloadPiece } from '../../ports/actions.ts'
import type { Entry } from '../../table/entry.ts'
import { toConnection } from '../../table/entry.ts'
import { HttpError } from '../errors.ts'
import { lifeLines } from './connection-events.ts'
import { answers, count, IdParams, mayLack } from '../schemas/common.ts'
import type { Services } from '../services.ts'

/** Bytes asked for at a time, and so held for one download. */
const PIECE_BYTES = 256 * 1024
const DOWNLOADS_MAX = 8

const tags = ['connections']
const BAD = ['INVALID', 'CONNECTION_NOT_FOUND', 'LISTENER_DOWN', 'LISTENER_UNRESPONSIVE', 'TOO_MANY_DOWNLOADS'] as const

const payload = {
  tags,
  summary: 'The captured bytes of one direction',
  description:
    'The newest `--capture-bytes` of them, never as a type that a browser would show. Bytes dropped while a slow reader ' +
    'reads break the download off.',
  params: IdParams,
  querystring: Type.Object({
    direction: mayLack(Type.Enum(['in', 'out'], { default: 'in', description: '`in`: what the client sent.' })),
  }),
  response: answers(
    {
      200: {
        description: 'The bytes as they were.',
        headers: {
          'oneport-payload-offset': count('Where in the stream the first of them is.'),
          'oneport-payload-total': count('How many bytes the stream had by then.'),
        },
        content: { 'application/octet-stream': { schema: Type.String({ contentEncoding: 'binary' }) } },
      },
    },
    ...BAD,
  ),
}

const life = {
  tags,
  summary: 'The life of one connection: one event a line',
  description:
    'JSON objects by time, each with a `kind` and an `at`: `accept`, `chunk` (where its bytes are, without them), `half-close`, ' +
    '`action`, `close`; `dropped` counts the bytes whose chunks are no longer kept.',
  params: IdParams,
  response: answers(
    {
      200: {
        description: 'All of it, up to now.',
        content: {
          'application/x-ndjson': { schema: Type.Object({ kind: Type.String(), at: Type.Integer() }) },
        },
      },
    },
    ...BAD,
  ),
}

/** As the schemas have made sure. */
interface Asked {
  Params: { id: number }
  Querystring: { direction: Direction }
}

/** What was captured of a connection, as a download (docs/api.md). */
export function servePayload(app: FastifyInstance, { actions, table }: Services): void {
  let downloads = 0

  // A HEAD request would ask for bytes that nobody reads.
  app.get<Asked>(
    '/api/connections/:id/payload',
    { schema: payload, exposeHeadRoute: false },
    async (request, reply) => {
      const { params, query } = request
      const entry = known(params.id)
      return download(reply, async () => {
        const first = await actions.payload(entry.id, 0, PIECE_BYTES)
        const total = query.direction === 'in' ? entry.bytesIn : entry.bytesOut
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
      const lines = await lifeLines(toConnection(entry, table.kernelSampledAt), pieces(actions, entry.id, null))
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('content-disposition', `attachment; filename="oneport-${entry.id}.ndjson"`)
        .header('cache-control', 'no-store')
        .send(lines.join('\n') + '\n')
    })
  })

  function known(id: number): Entry {
    const entry = table.get(id)
    if (entry === null) throw new HttpError(404, 'CONNECTION_NOT_FOUND', `There is no connection ${id}.`)
    return entry
  }

  /** Counts it until the answer has gone, or whoever asked. */
  async function download(reply: FastifyReply, answer: () => Promise<FastifyReply>): Promise<FastifyReply> {
    if (downloads >= DOWNLOADS_MAX) {
      throw new HttpError(503, 'TOO_MANY_DOWNLOADS', `At most ${DOWNLOADS_MAX} downloads at once.`)
    }
    downloads++
    reply.raw.once('close', () => downloads--)
    return answer()
  }
}

/** All pieces of a connection's capture, one asked for when the one before has been used. */
async function* pieces(actions: Actions, id: number, first: PayloadPiece | null): AsyncGenerator<PayloadPiece> {
  let piece = first ?? (await actions.payload(id, 0, PIECE_BYTES))
  while (piece !== null) {
    yield piece
    const last = piece.chunks.at(-1)
    if (!piece.more || last === undefined) return
    piece = await actions.payload(id, last.n, PIECE_BYTES)
  }
}

/** The bytes of one direction from `from` to `to`. Throws when some of them have been dropped meanwhile. */
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
