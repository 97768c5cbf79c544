import { isWaiting } from '../../shared/kernel.ts'
import type { KernelState, UnmatchedSocket } from '../../shared/stream.ts'
import type { Row } from '../live/row.ts'
import { byRemote } from '../../shared/endpoint.ts'

export type DifferenceKind =
  | 'waiting'
  | 'handshake'
  | 'just-closed'
  | 'fin-wait'
  | 'last-ack'
  | 'time-wait'
  | 'other'
  | 'only-server'

/** Sockets and connections on which server and kernel differ for one reason. */
export interface Difference {
  kind: DifferenceKind
  sockets: UnmatchedSocket[]
  rows: Row[]
}

const ORDER: readonly DifferenceKind[] = [
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
 * How many sockets are open on one side only. Those in TIME_WAIT do not count: no process has them, so there is nobody who
 * could agree.
 */
export function differing({ agreement, timeWait }: Pick<KernelState, 'agreement' | 'timeWait'>): number {
  return agreement.onlyServer + agreement.onlyKernel - timeWait
}

/** What differs, by reason. @param onlyServer live connections that the kernel's facts are missing of */
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

/** Those that end next, first. */
function byEnd(a: UnmatchedSocket, b: UnmatchedSocket): number {
  return (a.timer?.endsAt ?? Infinity) - (b.timer?.endsAt ?? Infinity)
}

/** At most so many live connections without the kernel's facts, and how many there are in all. Linear. */
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
