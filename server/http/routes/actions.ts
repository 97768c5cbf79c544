import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Action } from '../../../shared/action.ts'
import type { ActionResult, Targets } from '../../ports/actions.ts'
import { CODES } from '../codes.ts'
import { HttpError } from '../errors.ts'
import { ActionModel, CloseHow } from '../schemas/action.ts'
import { BYTES, BytesBody, decodeBytes } from '../schemas/bytes.ts'
import { count, IdParams, ref, writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'

const IDS_MAX = 50_000

const tags = ['connections']

const TARGETS = {
  ids: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }), { maxItems: IDS_MAX, description: 'These ones.' })),
  all: Type.Optional(Type.Literal(true, { description: 'Instead of `ids`: every live one.' })),
}

const Refused = Type.Array(
  Type.Object({
    id: Type.Integer(),
    code: Type.Enum(['CONNECTION_NOT_FOUND', 'CONNECTION_CLOSED', 'FIN_SENT', 'SEND_QUEUE_FULL']),
  }),
  { description: 'The others, and why.' },
)

const send = {
  tags,
  summary: 'Send bytes to a client',
  description:
    'Behind what the server itself has sent. The record keeps it as an action, with what the kernel says then.',
  params: IdParams,
  body: BytesBody,
  response: writeAnswers(
    {
      200: Type.Object(
        {
          bytes: count('How many they are.'),
          waiting: count(
            'Of these and earlier ones: bytes that the kernel has not taken yet, since the client does not read.',
          ),
        },
        { description: 'They are on their way.' },
      ),
    },
    'INVALID',
    'CONNECTION_NOT_FOUND',
    'CONNECTION_CLOSED',
    'FIN_SENT',
    'SEND_QUEUE_FULL',
    'LISTENER_DOWN',
    'LISTENER_UNRESPONSIVE',
  ),
}

const close = {
  tags,
  summary: 'Close a connection, in one of the ways TCP has',
  params: IdParams,
  body: Type.Object({ how: CloseHow }, { additionalProperties: false, examples: [{ how: 'fin' }] }),
  response: writeAnswers(
    { 200: ref(ActionModel, 'Done; `kernel` is what the kernel says of the socket then.') },
    'INVALID',
    'CONNECTION_NOT_FOUND',
    'CONNECTION_CLOSED',
    'FIN_SENT',
    'LISTENER_DOWN',
    'LISTENER_UNRESPONSIVE',
  ),
}

const reading = {
  tags,
  summary: 'Stop or restart reading from a client',
  description: 'While nothing is read, its bytes fill the receive queue, its window closes, and they wait at its end.',
  params: IdParams,
  body: Type.Object({ paused: Type.Boolean() }, { additionalProperties: false, examples: [{ paused: true }] }),
  response: writeAnswers(
    { 200: ref(ActionModel, 'Done.') },
    'INVALID',
    'CONNECTION_NOT_FOUND',
    'CONNECTION_CLOSED',
    'LISTENER_DOWN',
    'LISTENER_UNRESPONSIVE',
  ),
}

const closeMany = {
  tags,
  summary: 'Close many connections at once',
  body: Type.Object(
    { ...TARGETS, how: CloseHow },
    { additionalProperties: false, examples: [{ all: true, how: 'fin' }] },
  ),
  response: writeAnswers(
    {
      200: Type.Object(
        { closed: count('How many were.'), refused: Refused },
        { description: 'Each of them was tried.' },
      ),
    },
    'INVALID',
    'LISTENER_DOWN',
    'LISTENER_UNRESPONSIVE',
  ),
}

const sendMany = {
  tags,
  summary: 'Send the same bytes to many clients',
  body: Type.Object(
    { ...TARGETS, ...BYTES },
    { additionalProperties: false, examples: [{ ids: [1, 2], text: 'hello\n' }] },
  ),
  response: writeAnswers(
    {
      200: Type.Object(
        { sent: count('To how many.'), bytes: count('How many bytes, to each.'), refused: Refused },
        { description: 'Each of them was tried.' },
      ),
    },
    'INVALID',
    'LISTENER_DOWN',
    'LISTENER_UNRESPONSIVE',
  ),
}

/** What can be done to connections: one, some, or all that live (docs/api.md). */
export function serveActions(instance: FastifyInstance, { actions, table }: Services): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.post('/api/connections/:id/send', { schema: send }, async ({ params, body }) => {
    const data = decodeBytes(body)
    const { waiting } = await one(params.id, () => actions.send([params.id], data))
    return { bytes: data.length, waiting: waiting ?? 0 }
  })
  app.post('/api/connections/:id/close', { schema: close }, ({ params, body }) =>
    one(params.id, () => actions.close([params.id], body.how)),
  )
  app.post('/api/connections/:id/reading', { schema: reading }, ({ params, body }) =>
    one(params.id, () => actions.reading(params.id, body.paused)),
  )

  app.post('/api/connections/close', { schema: closeMany }, async ({ body }) => {
    const outcomes = await actions.close(targets(body), body.how)
    return { closed: done(outcomes), refused: refusals(outcomes) }
  })
  app.post('/api/connections/send', { schema: sendMany }, async ({ body }) => {
    const data = decodeBytes(body)
    const outcomes = await actions.send(targets(body), data)
    return { sent: done(outcomes), bytes: data.length, refused: refusals(outcomes) }
  })

  async function one(id: number, act: () => Promise<ActionResult[]>): Promise<Action> {
    if (table.get(id) === null) throw new HttpError(404, 'CONNECTION_NOT_FOUND', `There is no connection ${id}.`)
    const [outcome] = await act()
    if (outcome === undefined) throw new Error(`no outcome for connection ${id}`)
    const { code, action } = outcome
    if (code === null) return action
    const [statusCode, meaning] = CODES[code]
    const details = action.waiting === null || code !== 'SEND_QUEUE_FULL' ? {} : { waiting: action.waiting }
    throw new HttpError(statusCode, code, `Connection ${id}: ${meaning}.`, details)
  }

  function refusals(outcomes: ActionResult[]): Static<typeof Refused> {
    return outcomes.flatMap(({ id, code }) => {
      if (code === null) return []
      return [{ id, code: table.get(id) === null ? ('CONNECTION_NOT_FOUND' as const) : code }]
    })
  }
}

function targets({ ids, all }: { ids?: number[]; all?: true }): Targets {
  if ((ids === undefined) === (all === undefined)) throw new HttpError(400, 'INVALID', 'Name either ids or all.')
  return ids === undefined ? 'all' : [...new Set(ids)]
}

const done = (outcomes: ActionResult[]): number => outcomes.filter(({ code }) => code === null).length
