import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { reachableAddresses } from '../../own-address.ts'
import { HttpError } from '../errors.ts'
import { joinToken } from '../access/join-token.ts'
import { answers, ref } from '../schemas/common.ts'
import { JoinModel } from '../schemas/join.ts'

export interface JoinOptions {
  uiHost: string
  allowHosts: string[]
  token: string | null
}

const schema = {
  tags: ['server'],
  summary: 'What a read-only link for a class is made of',
  description: "The token of the link follows from the server's own: it lasts as long. The link itself may not ask.",
  response: answers({ 200: ref(JoinModel) }, 'FULL_TOKEN_REQUIRED'),
}

/** `GET /api/join`: for who has the token itself. */
export function serveJoin(instance: FastifyInstance, { uiHost, allowHosts, token }: JoinOptions): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get('/api/join', { schema }, async ({ right, socket }, reply) => {
    if (right !== 'full') throw new HttpError(403, 'FULL_TOKEN_REQUIRED', 'The join link does not make further ones.')
    void reply.header('cache-control', 'no-store')
    return {
      token: token === null ? null : joinToken(token),
      addresses: reachableAddresses(uiHost),
      port: socket.localPort ?? 0,
      allowHosts,
    }
  })
}
