import { Type } from 'typebox'
import type { Action } from '../../../shared/action.ts'
import type { Connection } from '../../../shared/connection.ts'
import { ActionModel } from './action.ts'
import { count, EndpointModel, model, orNull, ref, time } from './common.ts'
import { KernelFactsModel } from './kernel.ts'

export const CloseModel = model<NonNullable<Connection['close']>>()(
  'Close',
  'How a connection ended.',
  Type.Object({
    at: time('When it was over.'),
    by: Type.Enum(['peer', 'server', 'system'], {
      description: 'Who ended it first; `system` is what neither side chose.',
    }),
    how: Type.Enum(['fin', 'reset', 'timeout', 'error']),
    code: orNull(Type.String(), 'An errno name such as ECONNRESET, or LISTENER_DIED.'),
  }),
)

const fields = {
  id: count('Unique for the life of the server, rising in the order of accept().'),
  family: Type.Enum([4, 6]),
  local: ref(EndpointModel),
  remote: ref(
    EndpointModel,
    'The client; `0.0.0.0:0` or `[::]:0` when it had reset the connection before it could be asked.',
  ),
  pid: Type.Integer({ description: 'The process that holds the socket.' }),
  fd: orNull(Type.Integer(), 'Its descriptor there; null once closed.'),
  openedAt: time('When it was accepted.'),
  lastActivityAt: time('When the last byte came or went.'),
  halfClosedAt: orNull(time("When the client's FIN came."), "When the client's FIN came."),
  finSentAt: orNull(time('When our FIN was sent.'), 'When our FIN was sent while the connection went on.'),
  readingPaused: Type.Boolean({ description: 'Nothing is read from it, on request.' }),
  protocol: orNull(
    Type.Object({
      name: Type.Enum(['HTTP', 'TLS', 'SSH', 'Redis', 'PostgreSQL']),
      serverName: orNull(Type.String(), 'The name a TLS client asks for (SNI).'),
    }),
    'What the first bytes look like: a guess.',
  ),
  bytesIn: count('Bytes received.'),
  bytesOut: count('Bytes sent.'),
  chunksIn: count('Reads that brought them.'),
  chunksOut: count('Writes that sent them.'),
  state: Type.Enum(['open', 'half-closed', 'closed'], { description: '`half-closed`: the client has sent FIN.' }),
  close: orNull(ref(CloseModel), 'How it ended; null while it lives.'),
  kernel: orNull(
    ref(KernelFactsModel),
    'What the kernel says of its socket; null where it has none, or cannot be asked.',
  ),
  actions: Type.Unsafe<readonly Action[]>(
    Type.Array(ref(ActionModel), { description: 'What was done to it by hand, oldest first: the newest 50.' }),
  ),
}

export const ConnectionModel = model<Connection>()(
  'Connection',
  'One TCP connection of the port. `In` is what came from the client.',
  Type.Object(fields),
)

export const WatchedModel = model<Connection & { descriptorInode: number | null }>()(
  'ConnectionWithInode',
  'One TCP connection, and what /proc says of its descriptor.',
  Type.Object({
    ...fields,
    descriptorInode: orNull(Type.Integer(), "The inode behind the process's descriptor; it is the kernel's socket."),
  }),
)
