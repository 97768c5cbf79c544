import { type Static, Type } from 'typebox'
import { KERNEL_SOURCES, SOCKET_PROBLEMS, TCP_STATES, TIMERS } from '../vocabulary.ts'
import { count, model, oneOf, orNull, ref, time } from './base.ts'
import { EndpointModel } from './endpoint.ts'

export const TcpStateSchema = oneOf(TCP_STATES, { description: "The state in Linux's names." })

const Timer = Type.Object({
  name: oneOf(TIMERS, { description: "ss(8)'s name: `on` retransmits, `persist` probes a closed window." }),
  endsAt: time('When it expires.'),
  unanswered: count('What the timer has sent without an answer: retransmits (`on`), probes (`keepalive`, `persist`).'),
})

const facts = {
  tcpState: TcpStateSchema,
  inode: count('0: no process holds the socket. It waits in the accept queue, or its process has closed it.'),
  recvQueue: count('Bytes that the program has not read.'),
  sendQueue: count('Bytes waiting to be sent or acknowledged.'),
  rttMs: orNull(Type.Number(), 'Measured round-trip time in milliseconds.'),
  retransmits: orNull(Type.Integer(), 'Segments retransmitted over the life of the socket.'),
  congestionWindow: orNull(Type.Integer(), 'Congestion window in segments.'),
  sendWindow: orNull(Type.Integer(), 'Bytes that the peer is ready to receive.'),
  timer: orNull(
    Timer,
    'The timer that is running. Null: none, or one that has been restarted and whose new end is not known.',
  ),
}
const ends = { local: ref(EndpointModel), remote: ref(EndpointModel) }

/** The kernel's facts of a socket, without `sampledAt`, which is the same for a whole sample. */
export type KernelFacts = Omit<Static<typeof KernelFactsModel>, 'sampledAt'>
/** One socket of the kernel. A field is null if the source does not have it (/proc/net/tcp) or the state has none (TIME_WAIT). */
export type KernelSocket = Omit<UnmatchedSocket, 'connectionId' | 'problem'>
/** A socket's timer; `endsAt` is in Unix milliseconds. */
export type KernelTimer = Static<typeof Timer>

export const KernelFactsModel = model(
  'KernelFacts',
  "The kernel's facts about a socket. A field is null where the kernel's interface does not have it.",
  Type.Object({ sampledAt: time('When the kernel was sampled.'), ...facts }),
)

export const OwnerModel = model(
  'Owner',
  'Who holds a socket. A field is null where it cannot be seen, or where nobody has looked yet.',
  Type.Object({
    pid: orNull(Type.Integer()),
    command: orNull(Type.String(), "The program's file name."),
    user: orNull(Type.String(), 'The name of the user, or its number if it has no name here.'),
  }),
)
export type Owner = Static<typeof OwnerModel>

export const OtherEndModel = model(
  'OtherEnd',
  "The client's own socket, which the kernel has too if the client runs on this machine.",
  Type.Object({
    sampledAt: time("When the clients' sockets were sampled, which may be less often than the port's."),
    tcpState: TcpStateSchema,
    inode: count('0: no process holds the socket any longer.'),
    recvQueue: count('Bytes that the client has not read.'),
    sendQueue: count('Bytes of the client waiting to be sent or acknowledged.'),
    owner: orNull(
      ref(OwnerModel),
      'Null: no process holds it. `pid` and `command` are looked up when somebody asks for this one connection.',
    ),
  }),
)
/** The client's socket without `sampledAt`, which is the same for a whole sample. */
export type OtherEnd = Omit<Static<typeof OtherEndModel>, 'sampledAt'>

export const SocketModel = model(
  'Socket',
  'A socket as the kernel has it.',
  Type.Object({
    ...ends,
    ...facts,
    connectionId: orNull(Type.Integer(), 'The connection that the socket belongs to, or belonged to before it closed.'),
    problem: orNull(
      oneOf(SOCKET_PROBLEMS),
      "`handshake-only`: a client on this machine believes it is connected, and the port has no socket for it. State, queues and inode are the client's own socket's.",
    ),
  }),
)
export type UnmatchedSocket = Static<typeof SocketModel>

export const ListeningSocketModel = model(
  'ListeningSocket',
  'A socket in LISTEN on this port number. It may belong to another program.',
  Type.Object({
    ...ends,
    ...facts,
    dualStack: Type.Boolean({ description: 'It listens on `::` and accepts IPv4 clients too (ipv6(7), IPV6_V6ONLY).' }),
  }),
)
export type ListeningSocketFacts = Static<typeof ListeningSocketModel>

export const AcceptQueueSchema = Type.Object({
  length: count('Connections waiting for accept().'),
  limit: count('The limit of the queue. The kernel queues one more than that.'),
})
export type AcceptQueue = Static<typeof AcceptQueueSchema>

const AgreementSchema = Type.Object({
  both: count('Live connections whose socket the kernel has.'),
  onlyServer: count('Live connections without a socket in the kernel.'),
  onlyKernel: count('Sockets without a live connection: waiting for accept(), or already closed by the server.'),
  differing: count(
    'Those of `onlyServer` and `onlyKernel` that two samples in a row show, without TIME_WAIT. The others have just opened or closed.',
  ),
})
export type Agreement = Static<typeof AgreementSchema>

const DropCountersSchema = Type.Object({
  listenOverflows: count('Handshakes that found the accept queue full.'),
  listenDrops: count('Connection attempts dropped, for that or any other reason.'),
})
export type DropCounters = Static<typeof DropCountersSchema>

/** The kernel's facts of the port as a whole, except the accept queue. */
export const port = {
  available: Type.Boolean({ description: 'False: the kernel cannot be sampled here.' }),
  reason: orNull(Type.String(), 'Why the kernel cannot be sampled, or what is missing from its facts.'),
  source: orNull(oneOf(KERNEL_SOURCES), 'The interface that was sampled.'),
  sampledAt: orNull(time('When the kernel was sampled.')),
  tookMs: orNull(Type.Number(), 'How long the sample took, in milliseconds.'),
  agreement: AgreementSchema,
  timeWait: count('How many sockets of `onlyKernel` are in TIME_WAIT. No process owns those.'),
  listeners: Type.Array(ref(ListeningSocketModel), {
    description: 'Every listening socket on this port number, those of other programs included.',
  }),
  drops: orNull(
    DropCountersSchema,
    'Counters of the whole network namespace, all its listening sockets together (/proc/net/netstat, TcpExt).',
  ),
  closesMissed: orNull(
    Type.Integer({ minimum: 0 }),
    'How often closes came faster than they could be taken from the kernel. Null: the kernel does not tell of closes here.',
  ),
  handshakeOnly: orNull(
    Type.Integer({ minimum: 0 }),
    "Clients on this machine that believe they are connected, while the port has no socket for them. Null: the clients' sockets cannot be sampled here.",
  ),
  unmatched: Type.Array(ref(SocketModel), {
    description:
      'Sockets without a live connection, at most 200. `agreement.onlyKernel` and `handshakeOnly` count all of them.',
  }),
}

export const KernelStateModel = model(
  'KernelState',
  'What the kernel knows about the port as a whole.',
  Type.Object({
    ...port,
    acceptQueue: orNull(AcceptQueueSchema, "The listening socket's accept queue."),
  }),
)
export type KernelState = Static<typeof KernelStateModel>
