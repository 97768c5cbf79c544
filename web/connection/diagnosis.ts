import { isWaiting, KEEPALIVE } from '../../shared/kernel.ts'
import { formatBytes, formatCount, formatDuration } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import type { Row } from '../live/row.ts'

export type DiagnosisId =
  | 'waiting'
  | 'peer-not-reading'
  | 'retransmitting'
  | 'vanished'
  | 'not-closed'
  | 'unread'
  | 'reading-stopped'
  | 'our-side-closed'
  | 'idle'
  | 'healthy'
  | 'unknown'
  | 'over'

export interface Diagnosis {
  id: DiagnosisId
  text: string
  /** The evidence, each item in words. */
  evidence: string[]
}

/** The facts of a connection that the rules use. */
export type Patient = Pick<Row, 'kernel' | 'live' | 'halfClosedAt' | 'readingPaused' | 'sendQueueRoseAt' | 'idleMs'>
type Facts = NonNullable<Patient['kernel']>

/** Idle time worth mentioning. */
export const IDLE_LONG_MS = 5 * 60_000

/** A queue counts as growing if a sample within this time found it longer than before; the kernel is sampled at least once a second. */
const RISING_MS = 2500

/** The answer to the newest probe may be on its way. */
const UNANSWERED_MIN = 2

/** Each rule returns its evidence, or null if it does not apply. Ordered by severity; several may apply. */
const RULES: readonly [DiagnosisId, (patient: Patient, kernel: Facts, now: number) => string[] | null][] = [
  ['waiting', (_, kernel) => (isWaiting(kernel) ? [messages.connection.evidence.inode] : null)],
  [
    'peer-not-reading',
    ({ sendQueueRoseAt }, kernel, now) => {
      const text = messages.connection.evidence
      if (!peerNotReading(kernel)) return null
      const { sendQueue, sendWindow, timer } = kernel
      const rising = sendQueueRoseAt !== null && now - sendQueueRoseAt < RISING_MS
      const evidence = [text.sendQueue(formatBytes(sendQueue), rising)]
      if (sendWindow === 0) evidence.push(text.window)
      if (timer?.name === 'persist') evidence.push(text.persist)
      return evidence
    },
  ],
  [
    'retransmitting',
    (_, { sendQueue, retransmits, timer }, now) => {
      const text = messages.connection.evidence
      if (timer?.name !== 'on' || sendQueue === 0 || retransmits === null || retransmits === 0) return null
      return [
        text.retransmits(retransmits, formatCount(retransmits)),
        text.retransmitTimer(formatDuration(timer.endsAt - now)),
        text.sendQueue(formatBytes(sendQueue), false),
      ]
    },
  ],
  [
    'vanished',
    (_, { timer }, now) => {
      const text = messages.connection.evidence
      if (timer?.name !== 'keepalive' || timer.unanswered < UNANSWERED_MIN) return null
      const left = timer.endsAt - now + (KEEPALIVE.probes - timer.unanswered) * KEEPALIVE.intervalMs
      const { unanswered } = timer
      return [text.probes(unanswered, formatCount(unanswered)), text.probesEnd(formatDuration(Math.max(0, left)))]
    },
  ],
  [
    'not-closed',
    ({ live, halfClosedAt }, { tcpState }, now) =>
      live && tcpState === 'CLOSE_WAIT'
        ? [messages.connection.evidence.closeWait(halfClosedAt === null ? null : formatDuration(now - halfClosedAt))]
        : null,
  ],
  [
    'unread',
    ({ readingPaused }, { recvQueue }) => {
      if (recvQueue === 0) return null
      const text = messages.connection.evidence
      const evidence = [text.recvQueue(formatBytes(recvQueue))]
      if (readingPaused) evidence.push(text.readingPaused)
      return evidence
    },
  ],
  [
    'reading-stopped',
    ({ readingPaused }, { recvQueue }) =>
      readingPaused && recvQueue === 0 ? [messages.connection.evidence.readingPaused] : null,
  ],
  [
    'our-side-closed',
    (_, { tcpState }) => (tcpState === 'FIN_WAIT_2' ? [messages.connection.evidence.finWait2] : null),
  ],
  [
    'idle',
    (patient, _, now) => {
      const idle = patient.idleMs(now)
      return idle !== null && idle >= IDLE_LONG_MS ? [messages.connection.evidence.idle(formatDuration(idle))] : null
    },
  ],
]

/** Bytes wait because the peer keeps its window closed (RFC 9293, 3.8.6.1). */
export function peerNotReading({
  sendQueue,
  sendWindow,
  timer,
}: Pick<Facts, 'sendQueue' | 'sendWindow' | 'timer'>): boolean {
  return sendQueue > 0 && (timer?.name === 'persist' || sendWindow === 0)
}

/** The problems of a connection with their evidence. @param now the server's clock */
export function diagnose(patient: Patient, now: number): Diagnosis[] {
  const { kernel, live } = patient
  if (kernel === null) return [plain(live ? 'unknown' : 'over')]
  const found: Diagnosis[] = []
  for (const [id, rule] of RULES) {
    const evidence = rule(patient, kernel, now)
    if (evidence) found.push({ ...plain(id), evidence })
  }
  if (found.length > 0) return found
  return [plain(live ? 'healthy' : 'over')]
}

function plain(id: DiagnosisId): Diagnosis {
  return { id, text: messages.connection.diagnosis[id], evidence: [] }
}
