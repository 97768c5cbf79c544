import { Type } from 'typebox'
import { type KernelFacts, type ListeningSocketFacts, TCP_STATES } from '../../../shared/kernel.ts'
import type { KernelState, Listener, UnmatchedSocket } from '../../../shared/stream.ts'
import { count, EndpointModel, model, orNull, ref, time } from './common.ts'
import { ListenerModel } from './listener.ts'

export const TcpState = Type.Enum([...TCP_STATES], { description: "RFC 9293's name." })

const facts = {
  tcpState: TcpState,
  inode: count('0 when no process holds the socket.'),
  recvQueue: count('Bytes that the program has not read.'),
  sendQueue: count('Bytes that the peer has not acknowledged.'),
  rttMs: orNull(Type.Number(), 'The measured round-trip time, milliseconds.'),
  retransmits: orNull(Type.Integer(), 'Segments sent again.'),
  congestionWindow: orNull(Type.Integer()),
  sendWindow: orNull(Type.Integer(), 'Bytes that the peer is ready to take.'),
  timer: orNull(
    Type.Object({
      name: Type.Enum(['on', 'keepalive', 'timewait', 'persist', 'unknown']),
      endsAt: time('When it runs out.'),
    }),
    'In the words of ss(8): `on` retransmits, `persist` probes a closed window.',
  ),
}
const ends = { local: ref(EndpointModel), remote: ref(EndpointModel) }

export const KernelFactsModel = model<KernelFacts & { sampledAt: number }>()(
  'KernelFacts',
  'What the kernel says of a socket; null where its source does not tell.',
  Type.Object({ sampledAt: time('When it was asked.'), ...facts }),
)

export const SocketModel = model<UnmatchedSocket>()(
  'Socket',
  'A socket as the kernel has it.',
  Type.Object({ ...ends, ...facts, connectionId: orNull(Type.Integer(), 'The connection whose socket it is or was.') }),
)

export const ListeningSocketModel = model<ListeningSocketFacts>()(
  'ListeningSocket',
  'A socket in LISTEN on this port number, also of another program.',
  Type.Object({ ...ends, ...facts, dualStack: Type.Boolean({ description: 'On `::`, and takes IPv4 clients too.' }) }),
)

export const KernelModel = model<
  Omit<KernelState, 'acceptQueue'> & { listener: Listener; sockets: UnmatchedSocket[] }
>()(
  'Kernel',
  "The kernel's table of the port, and how it compares with the server's own.",
  Type.Object({
    available: Type.Boolean(),
    reason: orNull(Type.String(), 'Why not, or what is missing.'),
    source: orNull(Type.Enum(['sock_diag', 'proc'])),
    sampledAt: orNull(time('When the kernel was asked.')),
    tookMs: orNull(Type.Number(), 'How long it took to answer.'),
    agreement: Type.Object({
      both: count('Sockets that the server and the kernel have.'),
      onlyServer: count('Live connections without a socket.'),
      onlyKernel: count('Sockets that are no live connection: waiting to be accepted, or past their close.'),
    }),
    timeWait: count('How many of `onlyKernel` are in TIME_WAIT.'),
    listeners: Type.Array(ref(ListeningSocketModel)),
    drops: orNull(
      Type.Object({
        listenOverflows: count('Handshakes that found an accept queue full.'),
        listenDrops: count('SYNs dropped for that or any other reason.'),
      }),
      'Counters of the network namespace, all its listening sockets together.',
    ),
    unmatched: Type.Array(ref(SocketModel), { description: 'The first of the sockets that are no live connection.' }),
    listener: ref(ListenerModel),
    sockets: Type.Array(ref(SocketModel), { description: 'All of them, but those in LISTEN.' }),
  }),
)
