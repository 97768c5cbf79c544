import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { ClientError } from '../clients/clients.ts'
import { HttpError } from './errors.ts'
import type { Source } from './source.ts'

const Address = Type.String({ maxLength: 64 })
const OpenBody = Type.Object({
  from: Type.Optional(
    Type.Object({
      address: Type.Optional(Address),
      port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    }),
  ),
  to: Type.Optional(Type.Object({ address: Type.Optional(Address) })),
  /** False: the client never reads, so that the windows fill. */
  reading: Type.Boolean({ default: true }),
})

const IdParams = Type.Object({ id: Type.Integer({ minimum: 0 }) })
const SendBody = Type.Object({
  text: Type.Optional(Type.String()),
  hex: Type.Optional(Type.String({ pattern: '^([0-9a-fA-F]{2})*$' })),
  base64: Type.Optional(Type.String({ contentEncoding: 'base64' })),
})
const CloseQuery = Type.Object({ how: Type.Enum(['fin', 'half', 'reset'], { default: 'fin' }) })

/** Built-in clients of this listener (interface, 4). */
export function serveClients(instance: FastifyInstance, { clients }: Source): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get('/api/clients', async () => clients.list())

  app.post('/api/clients', { schema: { body: OpenBody } }, async ({ body }, reply) => {
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

  app.post('/api/clients/:id/send', { schema: { params: IdParams, body: SendBody } }, async ({ params, body }) => {
    known(params.id)
    const given = [body.text, body.hex, body.base64].filter((value) => value !== undefined)
    if (given.length !== 1) throw new HttpError(400, 'INVALID', 'Send one of text, hex and base64.')
    const data = Buffer.from(
      given[0] ?? '',
      body.hex !== undefined ? 'hex' : body.base64 !== undefined ? 'base64' : 'utf8',
    )
    clients.send(params.id, data)
    return { bytes: data.length }
  })

  app.delete(
    '/api/clients/:id',
    { schema: { params: IdParams, querystring: CloseQuery } },
    async ({ params, query }, reply) => {
      known(params.id)
      clients.close(params.id, query.how)
      return reply.code(204).send()
    },
  )

  function known(id: number): void {
    if (!clients.has(id)) throw new HttpError(404, 'CLIENT_NOT_FOUND', `There is no built-in client ${id}.`)
  }
}
