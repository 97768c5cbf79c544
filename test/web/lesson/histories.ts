import type { Connection } from '../../../shared/connection.ts'
import type { TcpState } from '../../../shared/kernel.ts'
import type { KernelState } from '../../../shared/stream.ts'
import type { Evidence, SocketFact } from '../../../web/lesson/evidence.ts'
import { connectedFact, type Facts, type Own, tupleOf } from '../../../web/lesson/facts.ts'
import { evidence } from '../../../web/lesson/judge.ts'
import type { StepId } from '../../../web/lesson/steps.ts'
import type { Row } from '../../../web/live/row.ts'
import { LISTENER } from '../live/listener.ts'
import { facts as kernelFacts, unmatched, NOW, row, sample } from '../live/rows.ts'

const INODE = 4711
/** Connections up to this id existed when the step was opened. */
export const SINCE = 10

const listening = unmatched(0, { tcpState: 'LISTEN', inode: INODE })

export const KERNEL: KernelState = {
  available: true,
  reason: null,
  source: 'sock_diag',
  sampledAt: NOW,
  tookMs: 1,
  agreement: { both: 0, onlyServer: 0, onlyKernel: 0, differing: 0 },
  timeWait: 0,
  acceptQueue: { length: 0, limit: 511 },
  listeners: [{ ...listening, local: LISTENER.local, dualStack: true }],
  drops: null,
  handshakeOnly: 0,
  unmatched: [],
  closesMissed: 0,
}

/** The known facts when the step is judged: only the given ones, and all connections are the learner's if nothing else is said. */
export function history(fields: Partial<Facts> = {}): Facts {
  return {
    instance: 'this run',
    now: NOW + 60_000,
    listener: { ...LISTENER, inode: INODE },
    kernel: KERNEL,
    connections: [],
    since: SINCE,
    waited: [],
    tried: [],
    earlier: [],
    own: owning(...(fields.connections ?? []), ...(fields.waited ?? [])),
    ...fields,
  }
}

/** The learner owns these, and none by address. */
export function owning(...sockets: Pick<SocketFact, 'local' | 'remote'>[]): Own {
  return { address: null, claimed: new Set(sockets.map(tupleOf)), denied: new Set() }
}

/** An open connection that the kernel shows, from `127.0.0.1:50000` if nothing else is said. */
export function client(id: number, from = '127.0.0.1:50000', fields: Partial<Connection> = {}): Row {
  const [address = '', port] = from.split(':')
  return row(id, {
    local: { address: '127.0.0.1', port: LISTENER.local.port },
    remote: { address, port: Number(port) },
    kernel: kernelFacts({ inode: 900_000 + id }),
    ...fields,
  })
}

/** Successive states in the kernel; null once the socket is gone. */
export function found(row: Row, ...states: (TcpState | null)[]): Row {
  for (const tcpState of states) {
    sample(
      row,
      tcpState === null ? null : kernelFacts({ tcpState, inode: tcpState === 'TIME_WAIT' ? 0 : 900_000 }),
      NOW,
    )
  }
  return row
}

export function fact(row: Row): SocketFact {
  return connectedFact(row, NOW)
}

/** The evidence, which must exist. */
export function sure(step: StepId, fields: Partial<Facts>): Evidence {
  const found = evidence(step, history(fields))
  if (found === null) throw new Error(`no evidence for ${step}`)
  return found
}

/** Whether these facts complete the step. */
export function unlocks(step: StepId, fields: Partial<Facts>): boolean {
  return evidence(step, history(fields)) !== null
}
