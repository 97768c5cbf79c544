import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { StartOption } from '../../../shared/join.ts'
import { ref } from '../../../shared/schema/base.ts'
import { JoinModel } from '../../../shared/schema/join.ts'
import { reachableAddresses } from '../../own-address.ts'
import { HttpError } from '../errors.ts'
import { answers } from '../schemas/common.ts'

export interface JoinOptions {
  uiHost: string
  allowHosts: string[]
  startedWith: StartOption[]
}

const schema = {
  tags: ['server'],
  summary: 'Get the token and addresses for the view-only class link',
  description: "The link's token is new each time the server starts. The link itself may not call this.",
  response: answers({ 200: ref(JoinModel) }, 'FULL_TOKEN_REQUIRED'),
}

/** Serves `GET /api/join`, for readers with the full token only. */
export const joinRoutes: FastifyPluginAsyncTypebox<JoinOptions & { token: string | null }> = async (
  app,
  { uiHost, allowHosts, startedWith, token },
) => {
  app.get('/api/join', { schema }, async ({ right, socket }, reply) => {
    if (right !== 'full')
      throw new HttpError(403, 'FULL_TOKEN_REQUIRED', 'The join link cannot create further links: use the full token.')
    void reply.header('cache-control', 'no-store')
    return {
      token,
      addresses: reachableAddresses(uiHost),
      port: socket.localPort ?? 0,
      allowHosts,
      startedWith,
    }
  })
}
