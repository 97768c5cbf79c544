import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ref } from '../../../shared/schema/base.ts'
import { ListenTrialModel } from '../../../shared/schema/listen-trial.ts'
import { writeAnswers } from '../schemas/common.ts'
import type { Services } from '../services.ts'

const run = {
  tags: ['listener'],
  summary: 'Try whether a second service can have the same port number',
  description:
    "Opens listening sockets, as other programs would, and closes them before it answers. First on this server's port at another address of this machine. Then on a port that the kernel chooses: at one address, at a second address, and at the first one again.",
  response: writeAnswers({
    200: Type.Object({ trials: Type.Array(ref(ListenTrialModel)) }, { description: 'The attempts, in order.' }),
  }),
}

/** The route that tries which listening sockets can share a port number. */
export const listenTrialRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { listenTrials }) => {
  app.post('/api/listen-trials', { schema: run }, async () => ({ trials: await listenTrials.run() }))
}
