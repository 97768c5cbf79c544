import { isWaiting } from '../../shared/kernel.ts'
import type { KernelState, UnmatchedSocket } from '../../shared/stream.ts'
import type { Row } from '../live/row.ts'
import { byRemote } from '../../shared/endpoint.ts'

export type DifferenceKind =
  | 'handshake-only'
  | 'waiting'
  | 'handshake'
  | 'just-closed'
  | 'fin-wait'
  | 'last-ack'
  | 'time-wait'
  | 'other'
  | 'only-server'

/** Sockets and connections that differ between server and kernel for the same reason. */
export interface Difference {
  kind: DifferenceKind
  sockets: UnmatchedSocket[]
  rows: Row[]
}

const ORDER: readonly DifferenceKind[] = [
  'handshake-only',
  'waiting',
  'handshake',
  'just-closed',
  'fin-wait',
  'last-ack',
  'time-wait',
  'other',
  'only-server',
]

function kindOf(socket: UnmatchedSocket): DifferenceKind {
  if (socket.problem !== null) return socket.problem
  switch (socket.tcpState) {
    case 'SYN_RECV':
      return 'handshake'
    case 'TIME_WAIT':
      return 'time-wait'
    case 'FIN_WAIT_1':
    case 'FIN_WAIT_2':
      return 'fin-wait'
    case 'LAST_ACK':
    case 'CLOSING':
      return 'last-ack'
    default:
      if (isWaiting(socket)) return 'waiting'
      return socket.connectionId === null ? 'other' : 'just-closed'
  }
}

/**
 * How many sockets only the server, only the kernel or only the client has, and how many are only in transition: the latest sample is
 * older, or the first that shows it. TIME_WAIT does not count, because those sockets belong to no process.
 */
export function differing({
  agreement,
  timeWait,
  handshakeOnly,
}: Pick<KernelState, 'agreement' | 'timeWait' | 'handshakeOnly'>): { differ: number; changing: number } {
  const { onlyServer, onlyKernel, differing } = agreement
  return { differ: differing + (handshakeOnly ?? 0), changing: onlyServer + onlyKernel - timeWait - differing }
}

/** The differences, grouped by reason. @param onlyServer live connections without a socket in the kernel */
export function differences({ unmatched }: Pick<KernelState, 'unmatched'>, onlyServer: Row[]): Difference[] {
  const groups = new Map<DifferenceKind, Difference>()
  const group = (kind: DifferenceKind) => {
    const known = groups.get(kind) ?? { kind, sockets: [], rows: [] }
    groups.set(kind, known)
    return known
  }
  for (const socket of unmatched) group(kindOf(socket)).sockets.push(socket)
  for (const { kind, sockets } of groups.values()) sockets.sort(kind === 'time-wait' ? byEnd : byRemote)
  if (onlyServer.length > 0) group('only-server').rows = onlyServer
  return ORDER.flatMap((kind) => groups.get(kind) ?? [])
}

/** Sorts by the end of TIME_WAIT, earliest first. */
function byEnd(a: UnmatchedSocket, b: UnmatchedSocket): number {
  return (a.timer?.endsAt ?? Infinity) - (b.timer?.endsAt ?? Infinity)
}

/** Live connections without a socket in the kernel, up to the limit, and how many there are in all. Takes linear time. */
export function withoutKernel(rows: Iterable<Row>, limit: number): { rows: Row[]; total: number } {
  const found: Row[] = []
  let total = 0
  for (const row of rows) {
    if (row.kernel !== null) continue
    total++
    if (found.length < limit) found.push(row)
  }
  return { rows: found, total }
}
