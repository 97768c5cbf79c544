import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { TSchema } from 'typebox'
import {
  type Action,
  ActionModel,
  CloseBody,
  CloseManyAnswer,
  CloseManyBody,
  ConnectionBehaviorBody,
  ReadingBody,
  type RefusedTargets,
  SendAnswer,
  SendManyAnswer,
  SendManyBody,
} from '../../../shared/schema/action.ts'
import { ref } from '../../../shared/schema/base.ts'
import { BytesBody } from '../../../shared/schema/bytes.ts'
import type { ActionResult, ConnectionIds } from '../../ports/actions.ts'
import type { Code } from '../codes.ts'
import { HttpError, noSuchConnection, refused } from '../errors.ts'
import { IdParams, NO_LISTENER, writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'
import { behaviorSetting } from './behavior-setting.ts'
import { decodeBytes } from './decode-bytes.ts'

const tags = ['connections']

/** An action on one connection. */
const onOne = <B extends TSchema, A>(body: B, done: A, ...codes: Code[]) => ({
  tags,
  params: IdParams,
  body,
  response: writeAnswers({ 200: done }, 'CONNECTION_NOT_FOUND', 'CONNECTION_CLOSED', ...codes, ...NO_LISTENER),
})

/** An action on some connections or on all. Each refusal is in the answer. */
const onMany = <B extends TSchema, A>(body: B, done: A) => ({
  tags,
  body,
  response: writeAnswers({ 200: done }, ...NO_LISTENER),
})

const send = {
  ...onOne(BytesBody, SendAnswer, 'FIN_SENT', 'SEND_QUEUE_FULL'),
  summary: 'Send bytes to a client',
  description:
    "They follow what the server itself has sent. The action is kept in the connection's record, with the kernel's facts after it.",
}

const close = {
  ...onOne(CloseBody, ref(ActionModel, "Done. `kernel` has the kernel's facts right after it."), 'FIN_SENT'),
  summary: 'Close a connection by FIN, half-close or RST',
}

const reading = {
  ...onOne(ReadingBody, ref(ActionModel, 'Done.')),
  summary: 'Stop or restart reading from a client',
  description:
    'While reading is stopped, the receive queue fills and its window closes. Further bytes then wait in the client.',
}

const behavior = {
  ...onOne(ConnectionBehaviorBody, ref(ActionModel, 'Done.')),
  summary: 'Choose the behavior of a connection',
  description:
    "It applies to bytes that arrive from now on. The connection keeps it when the port's behavior changes. A connection whose client has sent FIN is closed, unless the new behavior is `silent`.",
}

const closeMany = { ...onMany(CloseManyBody, CloseManyAnswer), summary: 'Close many connections at once' }

const sendMany = { ...onMany(SendManyBody, SendManyAnswer), summary: 'Send the same bytes to many clients' }

/** Routes for actions on one, some or all live connections. */
export const actionRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { actions, listener, table }) => {
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

  app.post('/api/connections/:id/behavior', { schema: behavior }, ({ params, body }) => {
    const setting = body.behavior && behaviorSetting(body.behavior, body.rules, listener.rules)
    return one(params.id, () => actions.behavior(params.id, setting))
  })

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
    if (table.get(id) === null) throw noSuchConnection(id)
    const [outcome] = await act()
    if (outcome === undefined) throw new Error(`no outcome for connection ${id}`)
    const { code, action } = outcome
    if (code !== null) throw refused(`Connection ${id}`, code, action.waiting)
    return action
  }

  function refusals(outcomes: ActionResult[]): RefusedTargets {
    return outcomes.flatMap(({ id, code }) => {
      if (code === null) return []
      return [{ id, code: table.get(id) === null ? ('CONNECTION_NOT_FOUND' as const) : code }]
    })
  }
}

function targets({ ids, all }: { ids?: number[]; all?: true }): ConnectionIds {
  if ((ids === undefined) === (all === undefined)) throw new HttpError(400, 'INVALID', 'Send either ids or all.')
  return ids === undefined ? 'all' : [...new Set(ids)]
}

const done = (outcomes: ActionResult[]): number => outcomes.filter(({ code }) => code === null).length
