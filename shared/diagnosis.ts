import { isWaiting, type KernelFacts } from './kernel.ts'
import type { Protocol } from './schema/connection.ts'
import type { Problem, ProblemEvidence } from './schema/problem.ts'
import { PROBLEMS, type ProblemCode, type Severity } from './vocabulary.ts'

export type { PortProblem, Problem, ProblemEvidence } from './schema/problem.ts'
export type { ProblemCode, Severity } from './vocabulary.ts'

/** The facts of a connection that the rules use. */
export interface Patient {
  live: boolean
  /** The client has sent FIN, and the server has not closed. */
  halfClosed: boolean
  /** On request. */
  readingStopped: boolean
  /** A guess from the client's first bytes. */
  protocol: Protocol | null
  /** Null: not sampled. */
  kernel: KernelFacts | null
}

export interface Finding {
  code: ProblemCode
  evidence: ProblemEvidence
}

/** A problem is one only after it has lasted this long, in milliseconds. The others are problems at once. */
export const PROBLEM_AFTER_MS: Partial<Record<ProblemCode, number>> = {
  'peer-not-reading': 1_000,
  'not-closed': 2_000,
  unread: 2_000,
  'tls-to-plain': 1_000,
  'unfinished-request': 5_000,
}

export const SEVERITY: Record<ProblemCode, Severity> = {
  'peer-not-reading': 'critical',
  retransmitting: 'critical',
  vanished: 'critical',
  waiting: 'warning',
  'not-closed': 'warning',
  unread: 'warning',
  'tls-to-plain': 'warning',
  'unfinished-request': 'warning',
}

/** The answer to the newest probe may be on its way. */
const UNANSWERED_MIN = 2

/**
 * The rules for a socket. Each returns its evidence, or null if it does not apply. In the order of PROBLEMS; several may apply.
 */
const RULES: readonly [ProblemCode, (kernel: KernelFacts) => ProblemEvidence | null][] = [
  [
    'peer-not-reading',
    (kernel) => {
      if (!peerNotReading(kernel)) return null
      const { sendQueue, sendWindow } = kernel
      return sendWindow === null ? { sendQueue } : { sendQueue, sendWindow }
    },
  ],
  [
    'retransmitting',
    // A segment that was lost long ago, and retransmitted since, is no sign of anything now.
    ({ sendQueue, retransmits, timer }) =>
      timer?.name === 'on' && sendQueue > 0 && timer.unanswered > 0
        ? { sendQueue, retransmits: retransmits ?? timer.unanswered }
        : null,
  ],
  [
    'vanished',
    ({ timer }) =>
      timer?.name === 'keepalive' && timer.unanswered >= UNANSWERED_MIN ? { probes: timer.unanswered } : null,
  ],
  ['waiting', (kernel) => (isWaiting(kernel) ? {} : null)],
  [
    'not-closed',
    // As long as its last bytes wait to be acknowledged, the server isn't done.
    ({ tcpState, recvQueue, sendQueue }) => (tcpState === 'CLOSE_WAIT' && sendQueue === 0 ? { recvQueue } : null),
  ],
  ['unread', ({ recvQueue }) => (recvQueue > 0 ? { recvQueue } : null)],
]

/** What is unusual about a connection now, the weightiest first. */
export function findings({ live, halfClosed, protocol, kernel }: Patient): Finding[] {
  const found = kernel === null ? [] : sampledFindings(live, kernel)
  if (kernel === null && live && halfClosed) found.push({ code: 'not-closed', evidence: {} })
  if (live && isTlsHello(protocol)) found.push({ code: 'tls-to-plain', evidence: {} })
  if (live && isUnfinished(protocol)) found.push({ code: 'unfinished-request', evidence: {} })
  return found
}

function sampledFindings(live: boolean, kernel: KernelFacts): Finding[] {
  const found: Finding[] = []
  for (const [code, rule] of RULES) {
    if (code === 'not-closed' && !live) continue
    const evidence = rule(kernel)
    if (evidence !== null) found.push({ code, evidence })
  }
  return found
}

/** What was done on request is no problem. */
export function isWanted(code: ProblemCode, { readingStopped }: Patient): boolean {
  return (code === 'unread' || code === 'unfinished-request') && readingStopped
}

/** Sorts by weight: the weightiest has the highest number, and no problem has 0. */
export function problemRank(problem: Problem | null): number {
  return problem === null ? 0 : PROBLEMS.length - PROBLEMS.indexOf(problem.code)
}

/** No behavior of the server speaks TLS. */
export function isTlsHello(protocol: Protocol | null): boolean {
  return protocol?.name === 'TLS'
}

/** The head of an HTTP request that the client began has not ended. */
export function isUnfinished(protocol: Protocol | null): boolean {
  return protocol?.unfinished === true
}

/** Whether the client's first bytes may be a problem. */
export function beganBadly(protocol: Protocol | null): boolean {
  return protocol !== null && (isTlsHello(protocol) || isUnfinished(protocol))
}

/** Whether a rule might apply to a socket. Costs less than the rules. */
export function mayBeUnwell({ recvQueue, sendQueue, tcpState, timer, inode }: KernelFacts): boolean {
  return recvQueue > 0 || sendQueue > 0 || tcpState === 'CLOSE_WAIT' || isProbed(timer) || inode === 0
}

/** Keepalive probes are without an answer. Every idle socket has the timer. */
function isProbed(timer: KernelFacts['timer']): boolean {
  return timer?.name === 'keepalive' && timer.unanswered > 0
}

/** Bytes wait because the peer keeps its window closed (RFC 9293, 3.8.6.1). */
function peerNotReading({
  sendQueue,
  sendWindow,
  timer,
}: Pick<KernelFacts, 'sendQueue' | 'sendWindow' | 'timer'>): boolean {
  return sendQueue > 0 && (timer?.name === 'persist' || sendWindow === 0)
}
