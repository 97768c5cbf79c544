import { type Static, Type } from 'typebox'
import { FRAME_ERRORS } from '../vocabulary.ts'
import { count, model, oneOf, orNull, ref, time } from './base.ts'
import { ChangeSchema } from './changes.ts'
import { ClassStateModel } from './class.ts'
import { ConnectionModel } from './connection.ts'
import { KernelStateModel } from './kernel.ts'
import { CountersModel, ListenerModel } from './listener.ts'
import { type PayloadFrame } from './payload.ts'

const seq = count("The server's sequence number that the reader has reached with this frame.")
const now = time("The server's clock. Readers compute ages from it, because their own clock may be wrong.")

const Sample = Type.Object({
  accepted: count('Connections accepted.'),
  closed: count('Connections closed.'),
  bytesIn: count('Bytes received.'),
  bytesOut: count('Bytes sent.'),
  at: time('When.'),
})
/** The totals at the time `at`. */
export type CounterSample = Static<typeof Sample>

export const HelloFrameModel = model(
  'HelloFrame',
  'The first frame.',
  Type.Object({
    type: Type.Literal('hello'),
    protocol: Type.Integer({ description: 'Version of this protocol.' }),
    instance: Type.String({ description: 'UUID of this run of the server. A new one means that ids start again.' }),
    version: Type.String(),
    now,
    readOnly: Type.Boolean({ description: 'Writes are refused for this reader: --read-only, or the join link.' }),
    joined: Type.Boolean({ description: 'The reader used the token of the join link.' }),
    readerAddress: orNull(
      Type.String(),
      "The reader's IP address as the server sees it. Null: a proxy is between, and has said so.",
    ),
    listener: ref(ListenerModel),
    history: Type.Array(Sample, { description: 'Totals of the last minutes, one sample a second, oldest first.' }),
    kernel: ref(KernelStateModel),
  }),
)

export const SnapshotFrameModel = model(
  'SnapshotFrame',
  'Part of the table. Together the snapshot frames hold every live connection and the newest closed ones.',
  Type.Object({
    type: Type.Literal('snapshot'),
    seq,
    total: count('Connections in all snapshot frames together.'),
    connections: Type.Array(ref(ConnectionModel)),
    resync: Type.Optional(Type.Literal(true, { description: 'First frame of a snapshot that replaces the table.' })),
    last: Type.Optional(Type.Literal(true, { description: 'Last frame of the snapshot.' })),
    counters: ref(CountersModel),
  }),
)

export const ChangesFrameModel = model(
  'ChangesFrame',
  'What changed since the frame before.',
  Type.Object({
    type: Type.Literal('changes'),
    seq,
    changes: Type.Array(ChangeSchema),
    counters: ref(CountersModel),
  }),
)

export const ListenerFrameModel = model(
  'ListenerFrame',
  'The listening socket or its process has changed.',
  Type.Object({ type: Type.Literal('listener'), listener: ref(ListenerModel) }),
)

export const KernelFrameModel = model(
  'KernelFrame',
  'A new sample of the kernel: every 250 ms with few sockets, otherwise every 1 to 2 s.',
  Type.Object({ type: Type.Literal('kernel'), kernel: ref(KernelStateModel) }),
)

export const ClassFrameModel = model(
  'ClassFrame',
  'Something in the class has changed. After `hello` only while a class is open.',
  Type.Object({
    type: Type.Literal('class'),
    class: orNull(ref(ClassStateModel), 'Null: it has ended.'),
    student: orNull(Type.Integer(), "The reader's own number in the class. Null: no student."),
  }),
)

export const AliveFrameModel = model(
  'AliveFrame',
  'Sent every 5 s, so that a reader can tell a quiet port from a dead link.',
  Type.Object({ type: Type.Literal('alive'), now }),
)

export const ErrorFrameModel = model(
  'ErrorFrame',
  'The answer to a frame that the server cannot use.',
  Type.Object({ type: Type.Literal('error'), code: oneOf(FRAME_ERRORS), message: Type.String() }),
)

export type HelloFrame = Static<typeof HelloFrameModel>
export type SnapshotFrame = Static<typeof SnapshotFrameModel>
export type ChangesFrame = Static<typeof ChangesFrameModel>
export type ListenerFrame = Static<typeof ListenerFrameModel>
export type KernelFrame = Static<typeof KernelFrameModel>
export type ClassFrame = Static<typeof ClassFrameModel>
export type AliveFrame = Static<typeof AliveFrameModel>
export type ErrorFrame = Static<typeof ErrorFrameModel>

export type ServerFrame =
  | HelloFrame
  | SnapshotFrame
  | ChangesFrame
  | ListenerFrame
  | KernelFrame
  | ClassFrame
  | AliveFrame
  | PayloadFrame
  | ErrorFrame
