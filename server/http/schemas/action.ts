import { Type } from 'typebox'
import type { Action } from '../../../shared/action.ts'
import { count, model, orNull, time } from './common.ts'
import { TcpState } from './kernel.ts'

export const CloseHow = Type.Enum(['fin', 'half', 'reset'], {
  description: '`fin`: close(2). `half`: shutdown(2) of our direction, the client may go on sending. `reset`: RST.',
})

export const ActionModel = model<Action>()(
  'Action',
  'What somebody did to a connection, and what came of it.',
  Type.Object({
    at: time('When.'),
    kind: Type.Enum(['send', 'fin', 'half', 'reset', 'pause-reading', 'resume-reading']),
    bytes: orNull(count('Of a send.'), 'Bytes of a send.'),
    waiting: orNull(count('Bytes.'), 'Those of them and of earlier ones that the kernel had not taken yet.'),
    code: orNull(Type.String(), 'Why it was refused; null when it was done.'),
    kernel: orNull(
      Type.Object({ tcpState: TcpState, recvQueue: count('Bytes.'), sendQueue: count('Bytes.') }),
      'What the kernel said of the socket right after; null when it has none any more.',
    ),
  }),
)
