import { type Static, Type } from 'typebox'
import { CONNECTION_STATES, REFUSED_WHY } from '../vocabulary.ts'
import { ActionModel } from './action.ts'
import { count, model, oneOf, orNull, ref, time } from './base.ts'
import { CloseModel, ConnectionModel, forgottenAt, lastActivityAt, progress, sampledStates } from './connection.ts'
import { EndpointModel } from './endpoint.ts'
import { KernelFactsModel, OtherEndModel } from './kernel.ts'
import { ProblemModel } from './problem.ts'

const id = count('The connection.')

export const AcceptChangeModel = model(
  'AcceptChange',
  'A connection was accepted.',
  Type.Object({ kind: Type.Literal('accept'), connection: ref(ConnectionModel) }),
)

export const DataChangeModel = model(
  'DataChange',
  'New totals or a new state of a live connection. Totals so far, not differences; changes that wait are merged.',
  Type.Object({ kind: Type.Literal('data'), id, at: lastActivityAt, state: oneOf(CONNECTION_STATES), ...progress }),
)

export const CloseChangeModel = model(
  'CloseChange',
  'A connection has closed.',
  Type.Object({
    kind: Type.Literal('close'),
    id,
    at: time('When it ended.'),
    close: ref(CloseModel),
    lastActivityAt,
    ...progress,
  }),
)

export const EvidenceChangeModel = model(
  'EvidenceChange',
  'The kernel has told how a closed connection ended. `close` replaces the one before, which it may correct.',
  Type.Object({ kind: Type.Literal('evidence'), id, close: ref(CloseModel) }),
)

export const RefusedChangeModel = model(
  'RefusedChange',
  'A new connection was closed at once because of a limit.',
  Type.Object({
    kind: Type.Literal('refused'),
    at: time('When it was refused.'),
    local: ref(EndpointModel),
    remote: ref(EndpointModel),
    why: oneOf(REFUSED_WHY, {
      description:
        '`max-connections`: the limit is reached. `behind`: connections arrive faster than they can be recorded.',
    }),
  }),
)

export const KernelChangeModel = model(
  'KernelChange',
  "The kernel's facts about a connection's socket, which may be closed. `/ws` only.",
  Type.Object({
    kind: Type.Literal('kernel'),
    id,
    kernel: orNull(ref(KernelFactsModel), 'Null: the kernel no longer has the socket (`forgottenAt`), or not known.'),
    sampledStates: Type.Optional(sampledStates),
    forgottenAt,
  }),
)

export const OtherEndChangeModel = model(
  'OtherEndChange',
  "The client's own socket of a connection, which may be closed. `/ws` only.",
  Type.Object({
    kind: Type.Literal('other-end'),
    id,
    otherEnd: orNull(ref(OtherEndModel), "Null: the client's socket is gone, or not known any more."),
  }),
)

export const ProblemChangeModel = model(
  'ProblemChange',
  'A problem of a live connection has appeared, has changed, or is over. A close ends it too.',
  Type.Object({ kind: Type.Literal('problem'), id, problem: orNull(ref(ProblemModel), 'Null: the problem is over.') }),
)

export const ActionChangeModel = model(
  'ActionChange',
  'Something was done to a connection, which may be closed. Each action is sent once.',
  Type.Object({ kind: Type.Literal('action'), id, action: ref(ActionModel) }),
)

export const SkippedChangeModel = model(
  'SkippedChange',
  'Changes were dropped because the reader fell behind. `/api/events` only.',
  Type.Object({ kind: Type.Literal('skipped'), count: count('Number of changes dropped.') }),
)

export const ChangeSchema = Type.Union([
  ref(AcceptChangeModel),
  ref(DataChangeModel),
  ref(CloseChangeModel),
  ref(EvidenceChangeModel),
  ref(RefusedChangeModel),
  ref(KernelChangeModel),
  ref(OtherEndChangeModel),
  ref(ProblemChangeModel),
  ref(ActionChangeModel),
])

export type RefusedChange = Static<typeof RefusedChangeModel>
export type SkippedChange = Static<typeof SkippedChangeModel>
export type Change = Static<typeof ChangeSchema>
