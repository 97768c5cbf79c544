import { Type } from 'typebox'
import { LANGUAGES } from '../../../shared/language.ts'
import type { Counters, Listener } from '../../../shared/stream.ts'
import { count, EndpointModel, model, orNull, ref, time } from './common.ts'

export const CountersModel = model<Counters>()(
  'Counters',
  'Totals over the life of the server; they never go down, except `live`.',
  Type.Object({
    accepted: count('Connections accepted.'),
    live: count('Connections that are open or half-closed.'),
    closed: count('Connections that have closed.'),
    refused: count('Newcomers closed at once, for a limit.'),
    bytesIn: count('Bytes received from clients.'),
    bytesOut: count('Bytes sent to clients.'),
  }),
)

export const ListenerModel = model<Listener>()(
  'Listener',
  'The listening socket and the process that accepts from it.',
  Type.Object({
    local: ref(EndpointModel),
    family: Type.Enum([4, 6]),
    dualStack: Type.Boolean({ description: 'The one socket serves IPv4 and IPv6 clients.' }),
    pid: orNull(Type.Integer(), 'The listener process; null while there is none.'),
    fd: orNull(Type.Integer(), 'Its descriptor of the listening socket.'),
    inode: orNull(Type.Integer(), "The listening socket's inode."),
    state: Type.Enum(['accepting', 'paused', 'down'], { description: '`down`: because of a fault.' }),
    fault: orNull(Type.String(), 'The fault in words.'),
    unresponsive: Type.Boolean({
      description: 'Nothing has been heard of the process for some seconds: it has been stopped, or hangs.',
    }),
    behavior: Type.Enum(['echo', 'discard', 'chargen', 'silent'], { description: 'What the server does with bytes.' }),
    greeting: Type.Boolean({ description: 'Each newcomer is told its 4-tuple first.' }),
    greetingLanguage: Type.Enum([...LANGUAGES], { description: 'In which language.' }),
    since: time('Since when the port is open.'),
    restarts: count('How often the listener process has been started again.'),
    backlog: count('Limit of the accept queue asked of the kernel.'),
    maxConnections: count('Live connections before newcomers are refused.'),
    descriptorLimit: orNull(Type.Integer(), 'Descriptors the listener process may have.'),
    acceptQueue: orNull(
      Type.Object({ length: count('Connections that wait for accept().'), limit: count('The queue holds one more.') }),
      'The accept queue as the kernel has it; null where it cannot be asked.',
    ),
    containerGateway: orNull(
      Type.String(),
      'In a container: its gateway. When every client has this address, a proxy hides where they come from.',
    ),
    counters: ref(CountersModel),
  }),
)
