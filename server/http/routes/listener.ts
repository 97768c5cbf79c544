import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { orNull, ref } from '../../../shared/schema/base.ts'
import { BehaviorBody, GreetingBody, ListenerModel, PauseBody } from '../../../shared/schema/listener.ts'
import { HttpError } from '../errors.ts'
import { answers, openAnswers, writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'
import { behaviorSetting } from './behavior-setting.ts'

const tags = ['listener']

const health = {
  tags: ['server'],
  security: [],
  summary: 'Check that the port is served',
  description:
    'Needs no token. 503 with the reason while a fault keeps the server from accepting, while the listener process is unresponsive, or while the server shuts down.',
  response: openAnswers({
    200: Type.Object(
      { status: Type.Literal('ok') },
      { description: 'The server accepts connections, or accepting was stopped on request.' },
    ),
    503: Type.Object(
      { status: Type.Enum(['down', 'unresponsive', 'stopping']), reason: orNull(Type.String()) },
      {
        description:
          '`down`: a fault keeps the server from accepting. `unresponsive`: the listener process does not answer. `stopping`: the server shuts down.',
      },
    ),
  }),
}

const read = {
  tags,
  summary: 'Get the listening socket, its process and the totals',
  response: answers({ 200: ref(ListenerModel) }),
}

const write = (summary: string, description: string) => ({
  tags,
  summary,
  description,
  response: writeAnswers({ 200: ref(ListenerModel) }, 'PAUSE_UNAVAILABLE', 'LISTENER_UNRESPONSIVE'),
})

const greeting = {
  tags,
  summary: 'Choose the language of the greeting',
  description: 'Clients that connect from now on get it.',
  body: GreetingBody,
  response: writeAnswers({ 200: ref(ListenerModel) }, 'GREETING_OFF', 'LISTENER_UNRESPONSIVE'),
}

const behavior = {
  tags,
  summary: 'Choose the behavior of the port',
  description:
    'It applies to bytes that arrive from now on, on new connections and on all others without a behavior of their own.',
  body: BehaviorBody,
  response: writeAnswers({ 200: ref(ListenerModel) }, 'LISTENER_UNRESPONSIVE'),
}

/** Routes for the listening socket, for stopping and resuming accept(), and for the port's greeting and behavior. */
export const listenerRoutes: FastifyPluginAsyncTypebox<Services> = async (app, services) => {
  const { accepting, kernel, listener, setBehavior, setGreeting } = services

  app.get('/healthz', { schema: health }, async (_request, reply) => {
    const { state, fault, unresponsive, pid } = listener
    if (state === 'down') return reply.code(503).send({ status: 'down', reason: fault })
    if (state === 'stopping') return reply.code(503).send({ status: 'stopping', reason: 'the server is shutting down' })
    if (!unresponsive) return { status: 'ok' as const }
    const reason = `the listener process (pid ${pid}) does not answer: it is stopped, or hangs`
    return reply.code(503).send({ status: 'unresponsive', reason })
  })

  app.get('/api/listener', { schema: read }, async () => {
    // The accept queue's length comes with a kernel sample, so take one now.
    await kernel.fresh()
    return listener
  })

  const switchable = () => {
    if (accepting !== null) return accepting
    throw new HttpError(501, 'PAUSE_UNAVAILABLE', 'Stopping accept() needs Linux and the koffi package.')
  }
  const stop = write(
    'Stop calling accept()',
    'The port stays open. Clients still complete the handshake, and the kernel queues them. With `leaseMs`, accepting resumes by itself unless the request is repeated in time; of several requests the longest counts. The body may be absent.',
  )
  app.post(
    '/api/listener/pause',
    {
      schema: { ...stop, body: PauseBody },
      // Without a body, Fastify would validate null.
      preValidation: async (request) => {
        if (request.body === undefined) request.body = {}
      },
    },
    async ({ body }) => {
      await switchable().pause(body.leaseMs ?? null)
      return listener
    },
  )
  const restart = write('Call accept() again', 'Connections that wait in the accept queue are accepted.')
  app.post('/api/listener/resume', { schema: restart }, async () => {
    await switchable().resume()
    return listener
  })

  app.post('/api/listener/greeting', { schema: greeting }, async ({ body }) => {
    if (!listener.greeting) throw new HttpError(409, 'GREETING_OFF', 'The server was started with --no-greeting.')
    await setGreeting(body.language)
    return listener
  })

  app.post('/api/listener/behavior', { schema: behavior }, async ({ body }) => {
    await setBehavior(behaviorSetting(body.behavior, body.rules, listener.rules))
    return listener
  })
}
