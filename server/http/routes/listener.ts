import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { LANGUAGES } from '../../../shared/language.ts'
import { HttpError } from '../errors.ts'
import { answers, openAnswers, orNull, ref, writeAnswers } from '../schemas/common.ts'
import { ListenerModel } from '../schemas/listener.ts'
import type { Services } from '../services.ts'

const tags = ['listener']

const health = {
  tags: ['server'],
  security: [],
  summary: 'Is the port served?',
  description:
    'Needs no token. 503 with the reason while nothing accepts because of a fault, or the process that does so has gone unresponsive.',
  response: openAnswers({
    200: Type.Object({ status: Type.Literal('ok') }, { description: 'It accepts, or has been told not to.' }),
    503: Type.Object(
      { status: Type.Enum(['down', 'unresponsive']), reason: orNull(Type.String()) },
      { description: '`down`: nothing accepts, because of a fault. `unresponsive`: the process does not answer.' },
    ),
  }),
}

const read = {
  tags,
  summary: 'The listening socket, its process and the totals',
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
  description: 'For those who connect from now on.',
  body: Type.Object(
    { language: Type.Enum([...LANGUAGES]) },
    { additionalProperties: false, examples: [{ language: 'ru' }] },
  ),
  response: writeAnswers({ 200: ref(ListenerModel) }, 'INVALID', 'GREETING_OFF', 'LISTENER_UNRESPONSIVE'),
}

/** The listening socket, the switch that stops accept(), and the greeting's language (docs/api.md). */
export function serveListener(instance: FastifyInstance, { listener, setAccepting, setGreeting }: Services): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get('/healthz', { schema: health }, async (_request, reply) => {
    const { state, fault, unresponsive, pid } = listener
    if (state === 'down') return reply.code(503).send({ status: 'down', reason: fault })
    if (!unresponsive) return { status: 'ok' as const }
    const reason = `the listener process (${pid}) does not answer: it has been stopped, or hangs`
    return reply.code(503).send({ status: 'unresponsive', reason })
  })

  app.get('/api/listener', { schema: read }, async () => listener)

  const accept = async (on: boolean) => {
    if (setAccepting === null) {
      throw new HttpError(501, 'PAUSE_UNAVAILABLE', 'To listen without accepting takes Linux and koffi.')
    }
    await setAccepting(on)
    return listener
  }
  const stop = write(
    'Stop calling accept()',
    'The port stays open: clients still complete the handshake, and the kernel queues them.',
  )
  app.post('/api/listener/pause', { schema: stop }, () => accept(false))
  const restart = write('Call accept() again', 'Whoever waits in the accept queue is served.')
  app.post('/api/listener/resume', { schema: restart }, () => accept(true))

  app.post('/api/listener/greeting', { schema: greeting }, async ({ body }) => {
    if (!listener.greeting) throw new HttpError(409, 'GREETING_OFF', 'This server was started with --no-greeting.')
    await setGreeting(body.language)
    return listener
  })
}
