import { type Static, Type } from 'typebox'
import {
  BEHAVIORS,
  CLOSE_BY,
  CLOSE_HOW,
  CONNECTION_STATES,
  EVIDENCE_SOURCES,
  FAMILIES,
  PROTOCOL_NAMES,
  RESET_BY,
} from '../vocabulary.ts'
import { type Action, ActionModel } from './action.ts'
import { count, model, oneOf, orNull, ref, time } from './base.ts'
import { EndpointModel } from './endpoint.ts'
import { KernelFactsModel, OtherEndModel, TcpStateSchema } from './kernel.ts'
import { ProblemModel } from './problem.ts'

export const EvidenceModel = model(
  'CloseEvidence',
  "What the kernel told of the socket at its end (tcp_info). It is checked against the server's own account.",
  Type.Object({
    source: oneOf(EVIDENCE_SOURCES, {
      description: "`both`: the two accounts agree. `kernel`: the kernel corrected the server's.",
    }),
    certain: Type.Boolean({
      description: 'False: the evidence fits two endings, and `by` and `reset` are those that the server saw.',
    }),
    bytesReceived: count("Bytes received, without the client's FIN."),
    bytesAcked: count("Bytes that the client acknowledged, without the server's FIN."),
    unread: count('Bytes received that the server had not read. Closing with unread bytes sends RST.'),
    unsent: count('Bytes that the client had not acknowledged.'),
    retransmits: count('Segments sent again.'),
    rttMs: Type.Number({ description: 'Smoothed round-trip time, milliseconds.' }),
    busyMs: Type.Number({ description: 'Milliseconds in which bytes waited to be sent or acknowledged.' }),
    windowLimitedMs: Type.Number({ description: "Of these, held back by the client's window." }),
    bufferLimitedMs: Type.Number({ description: "Of these, held back by the server's own send buffer." }),
  }),
)
export type CloseEvidence = Static<typeof EvidenceModel>

export const CloseModel = model(
  'Close',
  'How a connection ended.',
  Type.Object({
    at: time('When it ended.'),
    by: oneOf(CLOSE_BY, { description: 'Who ended it first. `system`: neither side chose to.' }),
    how: oneOf(CLOSE_HOW, { description: 'How that side ended it.' }),
    reset: orNull(oneOf(RESET_BY), 'Who sent RST, instead of FIN or after it. Null: nobody.'),
    code: orNull(Type.String(), 'An errno name such as ECONNRESET, or LISTENER_DIED.'),
    evidence: orNull(ref(EvidenceModel), "The kernel's account. Null: not told, or not yet."),
    finPossible: Type.Optional(
      Type.Literal(true, {
        description:
          "A FIN of the client may have come unseen, right before the server's RST: the kernel could not be asked, or the process stood still before the RST. `by` and `how` are what the server saw.",
      }),
    ),
    beforeReset: Type.Optional(
      Type.Object(
        {
          unread: count('Bytes that the server had not read.'),
          unsent: count('Bytes in the kernel that the client had not acknowledged.'),
        },
        {
          description:
            'What a sample found right before the RST that was sent on request: after it the kernel keeps no counters. Absent: no such RST, or the kernel cannot be sampled.',
        },
      ),
    ),
  }),
)
export type Close = Static<typeof CloseModel>

const Protocol = Type.Object({
  name: oneOf(PROTOCOL_NAMES),
  serverName: orNull(Type.String(), 'The server name that a TLS client asks for (RFC 6066, SNI).'),
  unfinished: Type.Optional(
    Type.Literal(true, {
      description: 'HTTP: the empty line that ends the head has not come. Looked for in the first 4 KiB.',
    }),
  ),
})
export type Protocol = Static<typeof Protocol>

const SampledStateSchema = Type.Object({
  state: TcpStateSchema,
  at: time('When a sample first found it. It may have begun since the sample before.'),
})
/** A TCP state in which a sample found a socket. */
export type SampledState = Static<typeof SampledStateSchema>

export const sampledStates = Type.Unsafe<readonly SampledState[]>(
  Type.Array(SampledStateSchema, {
    description:
      'The TCP states in which samples found the socket, oldest first, each once. States that were over before the next sample are missing. Kept after the kernel has forgotten the socket.',
  }),
)

export const forgottenAt = Type.Optional(
  Type.Unsafe<number | undefined>(
    time(
      'When a sample no longer found the socket. Absent: not observed. Then a `kernel` of null says nothing about whether the socket exists.',
    ),
  ),
)

/** The compiler requires each new field in record.ts too. */
export const progress = {
  bytesIn: count('Bytes received.'),
  bytesOut: count('Bytes sent: those that the kernel has taken.'),
  bytesWaiting: count(
    'Bytes written after those, which the kernel has not taken: they wait in the server. After the close they were never sent.',
  ),
  chunksIn: count('Reads that received them.'),
  chunksOut: count('Writes that sent them.'),
  halfClosedAt: orNull(time("When the client's FIN arrived."), 'Null: the client has not sent FIN.'),
  finSentAt: orNull(
    time('When the server closed its direction while the connection stayed open. FIN follows all bytes that wait.'),
    'Null: not sent, or sent only by the close itself.',
  ),
  readingPaused: Type.Boolean({ description: 'Reading was stopped on request, so that the windows fill.' }),
  behavior: orNull(oneOf(BEHAVIORS), "The behavior chosen for this connection. Null: the port's."),
  protocol: orNull(Protocol, 'A guess from the first bytes. Null: too few bytes yet, or no known protocol.'),
}

/** The fields that change while a connection is live. Times are in Unix milliseconds. */
export type Progress = Pick<Connection, keyof typeof progress>

export const lastActivityAt = time('When bytes or a FIN were last received or sent.')

export const connectionFields = {
  id: count('Unique for the life of the server, rising in accept order, never reused.'),
  family: oneOf(FAMILIES, { description: 'IP version.' }),
  local: ref(EndpointModel, "The server's end."),
  remote: ref(
    EndpointModel,
    "The client's end. `0.0.0.0:0` or `[::]:0`: the client reset the connection before its address could be read.",
  ),
  pid: Type.Integer({ description: 'The process that holds the socket.' }),
  fd: orNull(Type.Integer(), 'The descriptor in that process. Null: closed.'),
  openedAt: time('When it was accepted.'),
  lastActivityAt,
  ...progress,
  state: oneOf(CONNECTION_STATES, { description: '`half-closed`: the client has sent FIN.' }),
  close: orNull(ref(CloseModel), 'How it ended. Null: it is live.'),
  kernel: orNull(
    ref(KernelFactsModel),
    "The kernel's facts about the socket. Null: the kernel no longer has it (`forgottenAt`), or they are not known.",
  ),
  sampledStates,
  forgottenAt,
  otherEnd: orNull(
    ref(OtherEndModel),
    "The client's own socket. Null: the client runs elsewhere, its socket is gone, or the kernel cannot be sampled.",
  ),
  problem: orNull(
    ref(ProblemModel),
    'The weightiest problem of a live connection. It stays for 2 s after it was last sampled. Null: nothing is wrong.',
  ),
  actions: Type.Unsafe<readonly Action[]>(
    Type.Array(ref(ActionModel), {
      description: 'What was done to it on request, oldest first. At most the newest 50.',
    }),
  ),
}

export const ConnectionModel = model(
  'Connection',
  'One TCP connection of the port. `In` is what came from the client.',
  Type.Object(connectionFields),
)
/** One TCP connection of the port, as all readers get it. Times are in Unix milliseconds. */
export type Connection = Static<typeof ConnectionModel>

export const ConnectionWithInodeModel = model(
  'ConnectionWithInode',
  'One TCP connection, with the inode of its descriptor.',
  Type.Object({
    ...connectionFields,
    descriptorInode: orNull(
      Type.Integer(),
      "The inode behind the process's descriptor, from /proc. It equals `kernel.inode`. Null: closed, or no /proc here.",
    ),
  }),
)
export type ConnectionWithInode = Static<typeof ConnectionWithInodeModel>

const misread = Type.Optional(
  Type.Array(
    Type.Object({
      word: Type.String({ description: 'As it was given.' }),
      nearest: orNull(Type.String(), 'How the term that was probably meant begins. Null: no term is near.'),
    }),
    {
      description:
        'Words of `filter` that look like a term but are none. They were searched as plain text. Absent: none.',
    },
  ),
)

export const ConnectionsAnswer = Type.Object(
  { total: count('Number of connections on all pages.'), misread, items: Type.Array(ref(ConnectionModel)) },
  { description: 'One page of connections.' },
)

export const ConnectionIdsAnswer = Type.Object(
  { total: count('Number of connections.'), misread, ids: Type.Array(count('A connection.')) },
  { description: 'The ids of the connections, in the order of accept().' },
)
