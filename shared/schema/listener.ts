import { type Static, Type } from 'typebox'
import { LANGUAGES } from '../language.ts'
import { BEHAVIORS, FAMILIES, LISTENER_STATES } from '../vocabulary.ts'
import type { Rule } from '../script.ts'
import { RulesSchema } from './action.ts'
import { count, model, oneOf, orNull, ref, time } from './base.ts'
import { EndpointModel } from './endpoint.ts'
import { AcceptQueueSchema, port, SocketModel } from './kernel.ts'
import { PortProblemModel } from './problem.ts'

export const CountersModel = model(
  'Counters',
  'Totals over the life of the server. They never go down, except `live`, `attention` and `resets`.',
  Type.Object({
    accepted: count('Connections accepted.'),
    live: count('Connections that are open or half-closed.'),
    closed: count('Connections that have closed.'),
    resets: count("Connections closed with RST, by either side. The kernel's account of a close can lower it."),
    attention: count('Live connections with a problem.'),
    refused: count('New connections closed at once because of a limit.'),
    bytesIn: count('Bytes received from clients.'),
    bytesOut: count('Bytes sent to clients.'),
  }),
)
export type Counters = Static<typeof CountersModel>

export const ListenerModel = model(
  'Listener',
  'The listening socket and the process that accepts from it.',
  Type.Object({
    local: ref(EndpointModel),
    family: oneOf(FAMILIES, { description: 'IP version of the socket.' }),
    dualStack: Type.Boolean({ description: 'One socket serves IPv4 and IPv6 clients.' }),
    pid: orNull(Type.Integer(), 'The listener process. Null: it is not running.'),
    fd: orNull(Type.Integer(), 'Its descriptor of the listening socket.'),
    inode: orNull(Type.Integer(), "The listening socket's inode."),
    state: oneOf(LISTENER_STATES, {
      description:
        '`paused` on request; `down` because of a fault; `stopping`: the server shuts down and has closed the port.',
    }),
    pausedUntil: orNull(
      time('When accepting resumes by itself.'),
      'Null: accepting is not stopped, or stopped without a lease.',
    ),
    fault: orNull(Type.String(), 'The fault in words. Null: no fault.'),
    unresponsive: Type.Boolean({
      description: 'The listener process has not responded for some seconds: it is stopped, or hangs.',
    }),
    behavior: oneOf(BEHAVIORS, { description: 'What the server does with the bytes it receives.' }),
    rules: Type.Unsafe<readonly Rule[]>({
      ...Type.Array(Type.Object({ when: Type.String(), answer: Type.String() })),
      description: 'The rules of `scripted`. They are kept while another behavior is chosen.',
    }),
    greeting: Type.Boolean({ description: 'The first line sent to each client tells it its own 4-tuple.' }),
    greetingLanguage: oneOf(LANGUAGES, { description: 'Language of the greeting.' }),
    since: time('When the port was opened.'),
    restarts: count('How often the listener process was restarted after it died.'),
    backlog: count('Accept-queue limit asked of the kernel.'),
    maxConnections: count('Maximum number of live connections.'),
    closedKept: count('Maximum number of closed connections that the server keeps, the newest ones.'),
    descriptorLimit: orNull(Type.Integer(), 'Descriptors that the listener process may open. Null: no limit.'),
    acceptQueue: orNull(
      AcceptQueueSchema,
      'The accept queue in the newest sample of the kernel. Null: the kernel cannot be sampled.',
    ),
    containerGateway: orNull(
      Type.String(),
      'In a container: the address of its gateway. If every client has this address, a proxy hides where they come from.',
    ),
    problems: Type.Array(ref(PortProblemModel), { description: 'What is wrong with the port. Empty: nothing.' }),
    pastProblems: Type.Array(ref(PortProblemModel), {
      description: 'What was wrong with the port since the start of the server, oldest first; the newest 20.',
    }),
    counters: ref(CountersModel),
  }),
)
/** The listening socket, as in `GET /api/listener` and in the `hello` frame. */
export type Listener = Static<typeof ListenerModel>

export const GreetingBody = Type.Object(
  { language: oneOf(LANGUAGES) },
  { additionalProperties: false, examples: [{ language: 'ru' }] },
)

export const PauseBody = Type.Object(
  {
    leaseMs: Type.Optional(
      Type.Integer({
        minimum: 1_000,
        maximum: 3_600_000,
        description:
          'Accepting resumes by itself after this many milliseconds, unless the request is repeated in time. Absent: it stays stopped.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ leaseMs: 15_000 }] },
)

export const BehaviorBody = Type.Object(
  { behavior: oneOf(BEHAVIORS), rules: Type.Optional(RulesSchema) },
  { additionalProperties: false, examples: [{ behavior: 'discard' }] },
)

export const KernelModel = model(
  'Kernel',
  "The kernel's table of the port, compared with the server's own.",
  Type.Object({
    ...port,
    listener: ref(ListenerModel),
    sockets: Type.Array(ref(SocketModel), { description: 'Every socket of the port that is not in LISTEN.' }),
  }),
)
