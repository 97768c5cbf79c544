import type { Connection } from '../../shared/connection.ts'
import type { Crowd } from '../../shared/crowd.ts'
import type { DemuxSocket } from '../../shared/demux.ts'
import { type Endpoint, formatEndpoint } from '../../shared/endpoint.ts'
import type { KernelState, Listener, UnmatchedSocket } from '../../shared/stream.ts'
import { socketsOf } from '../lookup/lookup-form.ts'
import type { ListenFact, PacketFact, RefusalFact, SocketFact } from './evidence.ts'
import type { TaskId } from './steps.ts'

export type MatchedConnection = Connection & { readonly live: boolean }

/** An API call made by a step's button, and its result. */
export type Tried =
  | { task: TaskId; kind: 'opened'; connectionId: number | null; remote: Endpoint; local: Endpoint }
  | { task: TaskId; kind: 'refused'; refusal: RefusalFact }
  | { task: TaskId; kind: 'crowd'; crowd: Crowd }
  | { task: TaskId; kind: 'listened'; binds: ListenFact[] }
  /** `before`: bytes received on each of the step's connections just before. */
  | { task: TaskId; kind: 'packet'; packet: PacketFact; before: readonly { id: number; bytesIn: number }[] }

/** Which connections are the learner's own. Others are busy on the same port, and prove nothing about what the learner did. */
export interface Own {
  /** The address of the page's browser; null if a proxy or a container's gateway hides it. */
  address: string | null
  /** The 4-tuples that this page has opened, or that the learner has claimed. */
  claimed: ReadonlySet<string>
  /** The 4-tuples that are not the learner's, as the learner says. */
  denied: ReadonlySet<string>
}

/** Everything a step is judged by. */
export interface Facts {
  instance: string
  /** The server's clock, Unix milliseconds. */
  now: number
  listener: Listener
  /** Null if the kernel cannot be sampled. */
  kernel: KernelState | null
  connections: readonly MatchedConnection[]
  own: Own
  /** The newest connection when the step was opened; it and older ones prove nothing. */
  since: number
  /** Sockets seen in the accept queue since the step was opened, while accepting was stopped. */
  waited: readonly SocketFact[]
  tried: readonly Tried[]
  /** Connected sockets of earlier steps, from this run of the server. */
  earlier: readonly SocketFact[]
}

const SEEN_KEPT = 12

export function connectedFact(row: MatchedConnection, now: number): SocketFact {
  return {
    role: 'connected',
    id: row.id,
    local: { ...row.local },
    remote: { ...row.remote },
    pid: row.pid,
    fd: row.fd,
    inode: row.kernel?.inode ?? null,
    tcpState: row.kernel?.tcpState ?? null,
    bytesIn: row.bytesIn,
    seen: row.sampledStates.slice(-SEEN_KEPT).map(({ state, at }) => ({ state, at })),
    end: row.close && { by: row.close.by, how: row.close.how, at: row.close.at },
    forgottenAt: row.forgottenAt ?? null,
    at: now,
  }
}

export function waitingFact({ local, remote, tcpState }: UnmatchedSocket, now: number): SocketFact {
  return {
    role: 'waiting',
    id: null,
    local: { ...local },
    remote: { ...remote },
    pid: null,
    fd: null,
    inode: 0,
    tcpState,
    bytesIn: 0,
    seen: [{ state: tcpState, at: now }],
    end: null,
    forgottenAt: null,
    at: now,
  }
}

/** The row in the kernel's table that has the server's inode. */
export function listeningFact({ listener, kernel, now }: Pick<Facts, 'listener' | 'kernel' | 'now'>): SocketFact {
  const own = kernel?.listeners.find(({ inode }) => inode === listener.inode)
  return {
    role: 'listening',
    id: null,
    local: { ...listener.local },
    remote: null,
    pid: listener.pid,
    fd: listener.fd,
    inode: listener.inode,
    tcpState: own?.tcpState ?? null,
    bytesIn: 0,
    seen: own ? [{ state: own.tcpState, at: kernel?.sampledAt ?? now }] : [],
    end: null,
    forgottenAt: null,
    at: kernel?.sampledAt ?? now,
  }
}

/**
 * True if the connection is open and the kernel has an established socket for it; by the server's facts alone if the
 * kernel cannot be sampled.
 */
export function isConfirmed({ kernel, listener }: Facts, row: MatchedConnection): boolean {
  if (row.state !== 'open') return false
  if (kernel === null) return true
  return (
    row.kernel !== null &&
    row.kernel.tcpState === 'ESTABLISHED' &&
    row.kernel.inode > 0 &&
    row.kernel.inode !== listener.inode
  )
}

/** Confirmed connections, oldest first. */
export function confirmed(facts: Facts): MatchedConnection[] {
  return facts.connections.filter((row) => isConfirmed(facts, row)).sort((a, b) => a.id - b.id)
}

export function tupleOf({ local, remote }: { local: Endpoint; remote: Endpoint | null }): string {
  return `${formatEndpoint(local)} ${remote === null ? '' : formatEndpoint(remote)}`
}

/** The sockets that demultiplexing works on: the kernel's table, or else the server's. */
export function demuxSockets({ connections, kernel, listener }: Facts): Iterable<DemuxSocket> {
  if (kernel !== null) return socketsOf(connections, kernel)
  const { local, inode, dualStack } = listener
  const listening = { local, remote: local, tcpState: 'LISTEN', inode: inode ?? 0, dualStack } as const
  return [...socketsOf(connections, { unmatched: [], listeners: [] }), listening]
}
