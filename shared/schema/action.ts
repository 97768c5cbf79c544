import { type Static, Type } from 'typebox'
import { ACTION_KINDS, ACTION_REFUSALS, BEHAVIORS, CLOSE_ACTIONS } from '../vocabulary.ts'
import { ANSWER_MAX, RULES_MAX, WHEN_MAX } from '../script.ts'
import { count, model, oneOf, orNull, time } from './base.ts'
import { bytes } from './bytes.ts'
import { TcpStateSchema } from './kernel.ts'

const CloseActionSchema = oneOf(CLOSE_ACTIONS, {
  description:
    "`fin`: close(2). `half`: shutdown(2) of the server's direction; the client may keep sending. `reset`: RST.",
})

export const ActionModel = model(
  'Action',
  'What somebody did to a connection through the dashboard or the API, and the result.',
  Type.Object({
    at: time('When it was done.'),
    kind: oneOf(ACTION_KINDS),
    bytes: orNull(count('Bytes.'), '`send` only: number of bytes.'),
    waiting: orNull(count('Bytes.'), '`send` only: bytes the kernel had not taken yet, earlier sends included.'),
    behavior: orNull(oneOf(BEHAVIORS), "`behavior` only: the new one. Null: the port's again."),
    code: orNull(Type.String(), 'Why it was refused. Null: it was done.'),
    kernel: orNull(
      Type.Object({
        tcpState: TcpStateSchema,
        recvQueue: count('Bytes that the program has not read.'),
        sendQueue: count('Bytes waiting to be sent or acknowledged.'),
      }),
      "The kernel's facts right after the action. Null: the socket is gone (`gone`), or they are not known.",
    ),
    gone: Type.Optional(
      Type.Literal(true, { description: 'A sample no longer found the socket. Absent: it did, or nobody knows.' }),
    ),
  }),
)
export type Action = Static<typeof ActionModel>

const IDS_MAX = 50_000

/** The connections that a bulk action is for. A request must have exactly one of the two fields. */
const targets = {
  ids: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0 }), { maxItems: IDS_MAX, description: 'The connections with these ids.' }),
  ),
  all: Type.Optional(Type.Literal(true, { description: 'Instead of `ids`: every live connection.' })),
}
export type Targets = { ids: number[] } | { all: true }

export const CloseBody = Type.Object(
  { how: CloseActionSchema },
  { additionalProperties: false, examples: [{ how: 'fin' }] },
)

export const ReadingBody = Type.Object(
  { paused: Type.Boolean({ description: 'True stops reading, false restarts it.' }) },
  { additionalProperties: false, examples: [{ paused: true }] },
)

export const RulesSchema = Type.Array(
  Type.Object(
    {
      when: Type.String({ minLength: 1, maxLength: WHEN_MAX, description: 'What the client sends.' }),
      answer: Type.String({ maxLength: ANSWER_MAX, description: 'What the server sends then. May be empty.' }),
    },
    { additionalProperties: false },
  ),
  {
    minItems: 1,
    maxItems: RULES_MAX,
    description:
      'For `scripted`: when these bytes come, answer those. Escapes: `\\n`, `\\r`, `\\t`, `\\\\` and `\\xHH`. The rule that is complete first answers; the first in the list if several are.',
  },
)

export const ConnectionBehaviorBody = Type.Object(
  {
    behavior: orNull(oneOf(BEHAVIORS), "Null: the port's again."),
    rules: Type.Optional(RulesSchema),
  },
  { additionalProperties: false, examples: [{ behavior: 'discard' }] },
)

export const CloseManyBody = Type.Object(
  { ...targets, how: CloseActionSchema },
  { additionalProperties: false, examples: [{ all: true, how: 'fin' }] },
)

export const SendManyBody = Type.Object(
  { ...targets, ...bytes },
  { additionalProperties: false, examples: [{ ids: [1, 2], text: 'hello\n' }] },
)

export const SendAnswer = Type.Object(
  {
    bytes: count('Number of bytes.'),
    waiting: count('Bytes the kernel has not taken yet because the client does not read, earlier sends included.'),
  },
  { description: 'The bytes are on their way.' },
)
export type SendAnswer = Static<typeof SendAnswer>

const RefusedTargets = Type.Array(
  Type.Object({ id: Type.Integer(), code: oneOf(['CONNECTION_NOT_FOUND', ...ACTION_REFUSALS]) }),
  { description: 'The connections for which it was refused, and why.' },
)
export type RefusedTargets = Static<typeof RefusedTargets>

export const CloseManyAnswer = Type.Object(
  { closed: count('Number of connections closed.'), refused: RefusedTargets },
  { description: 'Every connection was tried.' },
)
export type CloseManyAnswer = Static<typeof CloseManyAnswer>

export const SendManyAnswer = Type.Object(
  { sent: count('Number of connections sent to.'), bytes: count('Bytes sent to each.'), refused: RefusedTargets },
  { description: 'Every connection was tried.' },
)
export type SendManyAnswer = Static<typeof SendManyAnswer>
