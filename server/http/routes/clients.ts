import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { oneOf, ref } from '../../../shared/schema/base.ts'
import { BytesAnswer, BytesBody } from '../../../shared/schema/bytes.ts'
import { ClientBody, ClientModel } from '../../../shared/schema/client.ts'
import { CLOSE_ACTIONS } from '../../../shared/vocabulary.ts'
import { ClientError } from '../../clients/clients.ts'
import { CODES } from '../codes.ts'
import { HttpError, refused } from '../errors.ts'
import { answers, IdParams, mayLack, writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'
import { decodeBytes } from './decode-bytes.ts'

const tags = ['clients']

const list = {
  tags,
  summary: 'List the built-in clients that are open',
  response: answers({ 200: Type.Array(ref(ClientModel), { description: 'In the order in which they were opened.' }) }),
}

const open = {
  tags,
  summary: 'Open a built-in client: a real connection to this listener',
  description: 'If the kernel refuses the 4-tuple, the answer is 409 and its `code` is the errno name.',
  body: ClientBody,
  response: writeAnswers(
    { 201: ref(ClientModel, 'The client is connected.') },
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
  response: writeAnswers({ 200: BytesAnswer }, 'CLIENT_NOT_FOUND', 'FIN_SENT', 'SEND_QUEUE_FULL'),
}

const close = {
  tags,
  summary: 'Close a built-in client',
  params: IdParams,
  querystring: Type.Object({
    how: mayLack(
      oneOf(CLOSE_ACTIONS, { default: 'fin', description: '`half`: it sends FIN and keeps reading. `reset`: RST.' }),
    ),
  }),
  response: writeAnswers({ 204: Type.Null({ description: 'Done.' }) }, 'CLIENT_NOT_FOUND'),
}

/** Routes for the built-in clients of this listener. */
export const clientRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { clients }) => {
  app.get('/api/clients', { schema: list }, async () => clients.list())

  app.post('/api/clients', { schema: open }, async ({ body }, reply) => {
    const client = await clients.open(body).catch(refusedClient)
    return reply.code(201).send(client)
  })

  app.post('/api/clients/:id/send', { schema: send }, async ({ params, body }) => {
    known(params.id)
    const data = decodeBytes(body)
    const refusal = clients.send(params.id, data)
    if (refusal !== null) throw refused(`Client ${params.id}`, refusal.code, refusal.waiting)
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

/** @throws HttpError: a refusal by the kernel conflicts with its sockets (409) */
export function refusedClient(error: unknown): never {
  if (!(error instanceof ClientError)) throw error
  const known: Record<string, [number, string]> = CODES
  throw new HttpError(known[error.code]?.[0] ?? 409, error.code, error.message)
}
