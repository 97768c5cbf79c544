import type { FastifyInstance } from 'fastify'
import { HttpError } from './errors.ts'
import type { Source } from './source.ts'

/** The listening socket, and the switch that stops accept() (interface, 4). */
export function serveListener(app: FastifyInstance, { listener, setAccepting }: Source): void {
  app.get('/healthz', async (_request, reply) => {
    const { state, fault } = listener
    if (state !== 'down') return { status: 'ok' }
    return reply.code(503).send({ status: 'down', reason: fault })
  })

  app.get('/api/listener', async () => listener)

  const accept = async (on: boolean) => {
    if (setAccepting === null) {
      throw new HttpError(501, 'PAUSE_UNAVAILABLE', 'To listen without accepting takes Linux and koffi.')
    }
    await setAccepting(on)
    return listener
  }
  app.post('/api/listener/pause', () => accept(false))
  app.post('/api/listener/resume', () => accept(true))
}
