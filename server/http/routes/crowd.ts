import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ref } from '../../../shared/schema/base.ts'
import { CrowdBody, CrowdKey, CrowdModel } from '../../../shared/schema/crowd.ts'
import { writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'
import { refusedClient } from './clients.ts'

const tags = ['clients']

const open = {
  tags,
  summary: 'Connect a crowd: as many built-in clients as asked for, or as fit',
  description:
    'They are real connections from addresses in 127.1.0.0/16. Each address connects until the kernel has no port left for it. The answer comes when all are accepted. The crowd is closed after three minutes.',
  body: CrowdBody,
  response: writeAnswers(
    { 201: ref(CrowdModel, 'The crowd is connected.') },
    'CROWD_OPEN',
    'NOT_ACCEPTING',
    'NOT_THIS_LISTENER',
    'NO_ROOM',
    'CROWD_ENDED',
    'CROWD_FLOODED',
    'CROWD_UNAVAILABLE',
  ),
}

const close = {
  tags,
  summary: 'Close the crowd, by FIN',
  querystring: Type.Object({ key: Type.Optional(CrowdKey) }),
  response: writeAnswers({ 204: Type.Null({ description: 'Done, or there was none.' }) }),
}

/** Routes for very many built-in clients at once. */
export const crowdRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { crowd }) => {
  app.post('/api/crowd', { schema: open }, async ({ body }, reply) => {
    const opened = await crowd.open(body.count, body.key ?? null).catch(refusedClient)
    return reply.code(201).send(opened)
  })

  app.delete('/api/crowd', { schema: close }, async ({ query }, reply) => {
    crowd.close(query.key ?? null)
    return reply.code(204).send(null)
  })
}
