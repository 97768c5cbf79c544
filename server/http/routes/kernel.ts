import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { type DemuxSocket, describeStep, lookup } from '../../../shared/demux.ts'
import { type Endpoint, familyOf, parseEndpoint } from '../../../shared/endpoint.ts'
import { ref } from '../../../shared/schema/base.ts'
import { KernelModel } from '../../../shared/schema/listener.ts'
import { LookupAnswer } from '../../../shared/schema/lookup.ts'
import { isOwnAddress } from '../../own-address.ts'
import { HttpError } from '../errors.ts'
import { sendList } from '../lists/long-list.ts'
import { answers, mayLack } from '../schemas/common.ts'
import type { Services } from '../services.ts'

const tags = ['kernel']

const table = {
  tags,
  summary: "Get the kernel's table of the port, compared with the server's",
  description: 'The kernel is sampled for this answer. If it cannot be, `available` is false and `reason` says why.',
  response: answers({ 200: ref(KernelModel) }),
}

const which = {
  tags,
  summary: 'Find the socket that a packet would reach',
  description:
    'Follows the kernel step by step: the connected socket with exactly this 4-tuple, else the listening socket if the packet ' +
    'is a SYN, else RST.',
  querystring: Type.Object({
    remote: Type.String({ description: 'Source of the packet.', examples: ['127.0.0.1:50000'] }),
    local: Type.String({
      description: 'Destination of the packet, an address of this machine.',
      examples: ['127.0.0.1:8080'],
    }),
    syn: mayLack(Type.Boolean({ default: true, description: 'True: the packet is a SYN, so it opens a connection.' })),
  }),
  response: answers({ 200: LookupAnswer }, 'ADDRESS_NOT_LOCAL', 'KERNEL_UNAVAILABLE'),
}

/** Routes for the kernel's view of the port, and for looking up a packet's socket. */
export const kernelRoutes: FastifyPluginAsyncTypebox<Services> = async (app, { kernel, listener }) => {
  app.get('/api/kernel', { schema: table }, async (_request, reply) => {
    await kernel.fresh()
    const { acceptQueue: _, ...state } = kernel.state
    return sendList(reply, { ...state, listener }, 'sockets', kernel.sockets, (socket) => JSON.stringify(socket))
  })

  app.get('/api/lookup', { schema: which }, async ({ query }) => {
    const packet = { remote: endpoint(query.remote, 'remote'), local: endpoint(query.local, 'local'), syn: query.syn }
    if (familyOf(packet.remote.address) !== familyOf(packet.local.address)) {
      throw new HttpError(400, 'INVALID', 'remote and local are not the same IP version.')
    }
    if (!isOwnAddress(packet.local.address)) {
      throw new HttpError(400, 'ADDRESS_NOT_LOCAL', `${packet.local.address} is not an address of this machine.`)
    }
    await kernel.fresh()
    const { state } = kernel
    if (!state.available)
      throw new HttpError(503, 'KERNEL_UNAVAILABLE', state.reason ?? 'The kernel cannot be sampled.')
    const sockets: DemuxSocket[] = [...kernel.sockets.filter(({ problem }) => problem === null), ...state.listeners]
    const { verdict, socket, steps } = lookup(packet, sockets)
    return {
      verdict,
      connectionId: socket?.connectionId ?? null,
      steps: steps.map((step) => ({ step: step.step, found: step.found, detail: describeStep(step, packet) })),
    }
  })
}

function endpoint(text: string, name: string): Endpoint {
  const parsed = parseEndpoint(text)
  if (parsed !== null) return parsed
  throw new HttpError(
    400,
    'INVALID',
    `${name}: ${JSON.stringify(text)} is not an endpoint. Write it as 127.0.0.1:50000 or [::1]:50000.`,
  )
}
