import { isWildcard } from '../../shared/endpoint.ts'
import { CLIENTS_MAX, type ClientRequest } from '../../shared/client.ts'
import type { Connection } from '../../shared/connection.ts'
import type { Behavior, Listener } from '../../shared/stream.ts'

export type ExperimentId =
  | 'same-port'
  | 'two-servers'
  | 'same-tuple'
  | 'burst'
  | 'fin'
  | 'reset'
  | 'half'
  | 'stop-reading'
  | 'stop-accepting'

/** What can happen to a client. */
export type Fate = 'accepted' | 'waiting' | 'refused'

/** What the clients do once they are open. */
export type After = { leave: 'fin' | 'reset' | 'half' } | { sendChunks: number; chunkBytes: number }

/** The fields of a connection that a prediction is about. */
export type Evidence = Pick<Connection, 'state' | 'close' | 'kernel'>

/** An experiment with real clients, as data. */
export interface Experiment {
  id: ExperimentId
  /** Opened one after the other, except in a burst or while accepting is stopped. */
  clients: ClientRequest[]
  /** The predicted fate of each client, in the same order. */
  expect: Fate[]
  after?: After
  /** Whether the connection shows the predicted result. The result may take a moment. */
  shows?: (row: Evidence) => boolean
  /** The server stops accepting before the clients connect. */
  paused?: true
  /** The person chooses how many clients there are; all are like the first one. */
  counted?: true
  /** Why this listener cannot run the experiment. @param kernel whether the server has kernel data */
  unavailable?: (
    listener: Listener,
    kernel: boolean,
  ) => 'needsPort' | 'needsEcho' | 'needsKernel' | 'needsSwitch' | null
}

const TO = { address: '127.0.0.1' }
const ANSWERS: readonly Behavior[] = ['echo', 'chargen']
const onEveryAddress = ({ local }: Listener) => (isWildcard(local.address) ? null : ('needsPort' as const))

const endedBy =
  (how: 'fin' | 'reset') =>
  ({ close }: Evidence) =>
    close !== null && close.by === 'peer' && close.how === how

/** Client addresses and ports are fixed wherever the prediction depends on them. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    id: 'same-port',
    clients: [
      { from: { address: '127.0.0.2', port: 50_000 }, to: TO },
      { from: { address: '127.0.0.3', port: 50_000 }, to: TO },
    ],
    expect: ['accepted', 'accepted'],
  },
  {
    id: 'two-servers',
    clients: [
      { from: { address: '127.0.0.2', port: 50_001 }, to: TO },
      { from: { address: '127.0.0.2', port: 50_001 }, to: { address: '127.0.0.3' } },
    ],
    expect: ['accepted', 'accepted'],
    unavailable: onEveryAddress,
  },
  {
    id: 'same-tuple',
    clients: [
      { from: { address: '127.0.0.2', port: 50_002 }, to: TO },
      { from: { address: '127.0.0.2', port: 50_002 }, to: TO },
    ],
    expect: ['accepted', 'refused'],
  },
  { id: 'burst', clients: [{}], expect: ['accepted'], counted: true },
  { id: 'fin', clients: [{}], expect: ['accepted'], after: { leave: 'fin' }, shows: endedBy('fin') },
  { id: 'reset', clients: [{}], expect: ['accepted'], after: { leave: 'reset' }, shows: endedBy('reset') },
  {
    id: 'half',
    clients: [{}],
    expect: ['accepted'],
    after: { leave: 'half' },
    shows: (row) => row.state === 'half-closed' || endedBy('fin')(row),
  },
  {
    id: 'stop-reading',
    clients: [{ reading: false }],
    expect: ['accepted'],
    after: { sendChunks: 16, chunkBytes: 256 * 1024 },
    shows: ({ kernel }) => kernel !== null && kernel.sendQueue > 0,
    unavailable: ({ behavior }, kernel) => (!kernel ? 'needsKernel' : ANSWERS.includes(behavior) ? null : 'needsEcho'),
  },
  {
    id: 'stop-accepting',
    clients: [{}, {}, {}],
    expect: ['waiting', 'waiting', 'waiting'],
    after: { sendChunks: 1, chunkBytes: 6 },
    paused: true,
    unavailable: ({ inode }) => (inode === null ? 'needsSwitch' : null),
  },
]

/** @returns null unless the text is a whole number from 1 to the limit */
export function parseCount(text: string): number | null {
  const count = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0
  return count >= 1 && count <= CLIENTS_MAX ? count : null
}
