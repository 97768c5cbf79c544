import type { Close, CloseEvidence, Connection } from '../../../shared/connection.ts'
import { withState } from '../../../shared/sampled-states.ts'
import type { UnmatchedSocket } from '../../../shared/stream.ts'
import { Row } from '../../../web/live/row.ts'

export const NOW = 1_795_343_808_000

/** Of a connection to which nothing but bytes has happened. */
export const UNTOUCHED = {
  bytesWaiting: 0,
  halfClosedAt: null,
  finSentAt: null,
  readingPaused: false,
  behavior: null,
  protocol: null,
} as const

/** A live connection, as the server would send it. */
export function connection(id: number, fields: Partial<Connection> = {}): Connection {
  const { kernel = null } = fields
  return {
    id,
    family: 4,
    local: { address: '192.168.0.1', port: 8080 },
    remote: { address: `192.168.0.${100 + id}`, port: 50_000 + id },
    pid: 4242,
    fd: 20 + id,
    openedAt: NOW + id,
    lastActivityAt: NOW + id,
    ...UNTOUCHED,
    bytesIn: 0,
    bytesOut: 0,
    chunksIn: 0,
    chunksOut: 0,
    state: 'open',
    close: null,
    kernel: null,
    sampledStates: kernel === null ? [] : [{ state: kernel.tcpState, at: kernel.sampledAt }],
    otherEnd: null,
    problem: null,
    actions: [],
    ...fields,
  }
}

export function closed(id: number, at: number, close: Partial<Close> = {}): Connection {
  return connection(id, {
    state: 'closed',
    fd: null,
    close: { at, by: 'peer', how: 'fin', reset: null, code: null, evidence: null, ...close },
  })
}

export function row(id: number, fields: Partial<Connection> = {}): Row {
  return new Row(connection(id, fields))
}

export const COUNTERS = {
  accepted: 0,
  live: 0,
  closed: 0,
  resets: 0,
  attention: 0,
  refused: 0,
  bytesIn: 0,
  bytesOut: 0,
}

/** Brings the row a sample of its socket, or of its absence, and the states found so far. */
export function sample(one: Row, kernel: Connection['kernel'], now: number): boolean {
  if (kernel === null) return one.applyKernel({ kernel, forgottenAt: now }, now)
  const sampledStates = withState(one.sampledStates, kernel.tcpState, kernel.sampledAt)
  return one.applyKernel({ kernel, sampledStates }, now)
}

/** The kernel can't be sampled any more. */
export function lose(one: Row): void {
  one.applyKernel({ kernel: null }, NOW)
}

/** Of a close on which server and kernel agree. */
export const EVIDENCE: CloseEvidence = {
  source: 'both',
  certain: true,
  bytesReceived: 10,
  bytesAcked: 0,
  unread: 0,
  unsent: 0,
  retransmits: 0,
  rttMs: 1,
  busyMs: 0,
  windowLimitedMs: 0,
  bufferLimitedMs: 0,
}

/** The kernel's facts of a healthy connection, sampled at `sampledAt`. */
export function facts(fields: Partial<NonNullable<Connection['kernel']>> = {}): NonNullable<Connection['kernel']> {
  return {
    sampledAt: NOW,
    tcpState: 'ESTABLISHED',
    inode: 513_810,
    recvQueue: 0,
    sendQueue: 0,
    rttMs: 0.03,
    retransmits: 0,
    congestionWindow: 10,
    sendWindow: 65_536,
    timer: null,
    ...fields,
  }
}

/** A socket that no live connection owns. */
export function unmatched(remotePort: number, fields: Partial<UnmatchedSocket> = {}): UnmatchedSocket {
  const rest = facts({ inode: 0 })
  return {
    ...rest,
    local: { address: '192.168.0.1', port: 8080 },
    remote: { address: '192.168.0.100', port: remotePort },
    connectionId: null,
    problem: null,
    ...fields,
  }
}
