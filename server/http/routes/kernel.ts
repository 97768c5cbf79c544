import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { isIP } from 'node:net'
import { Type } from 'typebox'
import { type DemuxSocket, describeStep, lookup } from '../../../shared/demux.ts'
import { type Endpoint, familyOf, parseEndpoint } from '../../../shared/endpoint.ts'
import { isOwnAddress } from '../../own-address.ts'
import { HttpError } from '../errors.ts'
import { answers, mayLack, orNull, ref } from '../schemas/common.ts'
import { KernelModel } from '../schemas/kernel.ts'
import type { Services } from '../services.ts'

const tags = ['kernel']

const table = {
  tags,
  summary: "The kernel's whole table of the port, and how it compares with the server's",
  description:
    'Asked of the kernel at this moment. Where the system has no such source, `available` is false, with a `reason`.',
  response: answers({ 200: ref(KernelModel) }),
}

const which = {
  tags,
  summary: 'Which socket gets this packet?',
  description:
    'What the kernel does with a packet from `remote` to `local`, step by step: the connected socket with this 4-tuple, ' +
    'else the listening socket (for a SYN), else a reset.',
  querystring: Type.Object({
    remote: Type.String({ description: 'Where it comes from.', examples: ['127.0.0.1:50000'] }),
    local: Type.String({
      description: "Where it goes to: one of this machine's addresses.",
      examples: ['127.0.0.1:8080'],
    }),
    syn: mayLack(Type.Boolean({ default: true, description: 'Whether it opens a connection.' })),
  }),
  response: answers(
    {
      200: Type.Object(
        {
          verdict: Type.Enum(['connected', 'listening', 'time-wait', 'reset']),
          connectionId: orNull(Type.Integer(), 'The connection that gets it.'),
          steps: Type.Array(
            Type.Object({
              step: Type.String(),
              found: Type.Boolean(),
              detail: Type.String({ description: 'In words.' }),
            }),
          ),
        },
        { description: 'Who gets it, and by which steps.' },
      ),
    },
    'INVALID',
    'ADDRESS_NOT_LOCAL',
    'KERNEL_UNAVAILABLE',
  ),
}

/** The kernel's view of the port, and what it does with a packet (docs/kernel.md). */
export function serveKernel(instance: FastifyInstance, { kernel, listener }: Services): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get('/api/kernel', { schema: table }, async () => {
    await kernel.fresh()
    const { acceptQueue, ...state } = kernel.state
    return { ...state, listener: { ...listener, acceptQueue }, sockets: kernel.sockets }
  })

  app.get('/api/lookup', { schema: which }, async ({ query }) => {
    const packet = { remote: endpoint(query.remote, 'remote'), local: endpoint(query.local, 'local'), syn: query.syn }
    if (familyOf(packet.remote.address) !== familyOf(packet.local.address)) {
      throw new HttpError(400, 'INVALID', 'A packet is IPv4 or IPv6: remote and local are of different families.')
    }
    if (!isOwnAddress(packet.local.address)) {
      throw new HttpError(400, 'ADDRESS_NOT_LOCAL', `${packet.local.address} is not an address of this machine.`)
    }
    await kernel.fresh()
    const { state } = kernel
    if (!state.available) throw new HttpError(503, 'KERNEL_UNAVAILABLE', state.reason ?? 'The kernel cannot be asked.')
    const sockets: DemuxSocket[] = [...kernel.sockets, ...state.listeners]
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
  if (parsed !== null && isIP(parsed.address) !== 0) return parsed
  throw new HttpError(
    400,
    'INVALID',
    `${name}: ${JSON.stringify(text)} is not an endpoint such as 127.0.0.1:50000 or [::1]:50000`,
  )
}
