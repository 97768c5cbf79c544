import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ClientError } from '../../clients/clients.ts'
import { CODES } from '../codes.ts'
import { HttpError } from '../errors.ts'
import { BytesBody, decodeBytes, SentAnswer } from '../schemas/bytes.ts'
import { ClientModel } from '../schemas/client.ts'
import { answers, IdParams, mayLack, ref, writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'

const Address = Type.String({ maxLength: 64 })
const OpenBody = Type.Object(
  {
    from: Type.Optional(
      Type.Object(
        {
          address: Type.Optional(Address),
          port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535, description: '0: any free one.' })),
        },
        { additionalProperties: false, description: "The client's own end; what is left out, the kernel chooses." },
      ),
    ),
    to: Type.Optional(
      Type.Object(
        { address: Type.Optional(Address) },
        { additionalProperties: false, description: "One of the listening socket's addresses." },
      ),
    ),
    reading: mayLack(
      Type.Boolean({ default: true, description: 'False: the client never reads, so that the windows fill.' }),
    ),
  },
  { additionalProperties: false, examples: [{ from: { address: '127.0.0.2', port: 50_000 } }] },
)

const tags = ['clients']

const list = {
  tags,
  summary: 'The built-in clients that are open',
  response: answers({ 200: Type.Array(ref(ClientModel), { description: 'In the order they were opened.' }) }),
}

const open = {
  tags,
  summary: 'Open a built-in client: a real connection to this listener',
  description: 'Where the kernel refuses the 4-tuple, the `code` of the 409 is its errno.',
  body: OpenBody,
  response: writeAnswers(
    { 201: ref(ClientModel, 'It is connected.') },
    'INVALID',
    'NOT_THIS_LISTENER',
    'EADDRNOTAVAIL',
    'EADDRINUSE',
    'TOO_MANY_CLIENTS',
  ),
}

const send = {
  tags,
  summary: 'Send bytes from a built-in client',
  params: IdParams,
  body: BytesBody,
  response: writeAnswers({ 200: SentAnswer }, 'INVALID', 'CLIENT_NOT_FOUND', 'FIN_SENT', 'SEND_QUEUE_FULL'),
}

const close = {
  tags,
  summary: 'Close a built-in client',
  params: IdParams,
  querystring: Type.Object({
    how: mayLack(Type.Enum(['fin', 'half', 'reset'], { default: 'fin', description: '`half`: it goes on reading.' })),
  }),
  response: writeAnswers({ 204: Type.Null({ description: 'Done.' }) }, 'INVALID', 'CLIENT_NOT_FOUND'),
}

/** Built-in clients of this listener (docs/api.md). */
export function serveClients(instance: FastifyInstance, { clients }: Services): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get('/api/clients', { schema: list }, async () => clients.list())

  app.post('/api/clients', { schema: open }, async ({ body }, reply) => {
    try {
      const client = await clients.open({ from: body.from ?? {}, to: body.to ?? {}, reading: body.reading })
      return reply.code(201).send(client)
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      // The kernel's own refusals are a conflict with its table; ours are a bad request.
      throw new HttpError(
        error.code.startsWith('E') || error.code === 'TOO_MANY_CLIENTS' ? 409 : 400,
        error.code,
        error.message,
      )
    }
  })

  app.post('/api/clients/:id/send', { schema: send }, async ({ params, body }) => {
    known(params.id)
    const data = decodeBytes(body)
    const refused = clients.send(params.id, data)
    if (refused !== null) {
      const { code, waiting } = refused
      const [statusCode, meaning] = CODES[code]
      const details = code === 'SEND_QUEUE_FULL' ? { waiting } : {}
      throw new HttpError(statusCode, code, `Client ${params.id}: ${meaning}.`, details)
    }
    return { bytes: data.length }
  })

  app.delete('/api/clients/:id', { schema: close }, async ({ params, query }, reply) => {
    known(params.id)
    clients.close(params.id, query.how)
    return reply.code(204).send(null)
  })

  function known(id: number): void {
    if (!clients.has(id)) throw new HttpError(404, 'CLIENT_NOT_FOUND', `There is no built-in client ${id}.`)
  }
}
