import { type Finding, findings, type ProblemCode } from '../../shared/diagnosis.ts'
import { type PastProblem, pastProblems } from '../../shared/hindsight.ts'
import { KEEPALIVE } from '../../shared/kernel.ts'
import type { Behavior } from '../../shared/vocabulary.ts'
import { formatBytes, formatCount, formatDuration } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import { endingWords } from './ending.ts'
import { checkResetter, clientsTurn, type Fix, fixOf, resumeReading } from './fix.ts'
import { finAge, waitingWords } from './record.ts'
import type { Row } from '../live/row.ts'

export type DiagnosisId = ProblemCode | 'reading-stopped' | 'our-side-closed' | 'idle' | 'healthy' | 'unknown' | 'over'

export interface Diagnosis {
  id: DiagnosisId
  text: string
  /** The evidence, each item in words. */
  evidence: string[]
  /** What to do, if there is something to do. */
  fix: Fix | null
}

/** Idle time worth mentioning. */
export const IDLE_LONG_MS = 5 * 60_000

/** A queue counts as growing if a sample within this time found it longer than before; the kernel is sampled at least once a second. */
const RISING_MS = 2500

/**
 * The findings of a connection with their evidence, the weightiest first.
 * @param now the server's clock
 * @param portBehavior null: not known yet
 */
export function diagnose(row: Row, now: number, portBehavior: Behavior | null): Diagnosis[] {
  const { kernel, live, state, readingPaused, protocol } = row
  const found = findings({ live, halfClosed: state === 'half-closed', readingStopped: readingPaused, protocol, kernel })
  const blamed = found.filter(({ code }) => code !== 'unread' || readingPaused || !found.some(causesUnread))
  const diagnoses: Diagnosis[] = blamed.map((finding) => ({
    ...plain(finding.code),
    evidence: wordsOf(finding, row, now),
    fix: live ? fixOf(finding.code, row, portBehavior) : null,
  }))
  if (kernel !== null) diagnoses.push(...harmless(row, now, found.length > 0))
  if (row.close !== null) {
    // The socket may still be there, and what a sample finds now is said above.
    diagnoses.push(
      ...pastProblems(row)
        .filter(isNew(found))
        .map((past) => inThePast(past, row)),
    )
    const over = awaitsFin(row) ? { ...plain('over'), text: messages.connection.finAwaited.over } : plain('over')
    const fix = row.close.reset === 'peer' ? checkResetter() : null
    return [...diagnoses, { ...over, evidence: endingWords(row, row.close), fix }]
  }
  if (diagnoses.length > 0) return diagnoses
  return [plain(kernel === null ? 'unknown' : 'healthy')]
}

/** The client hasn't closed its side after the server has. */
function awaitsFin({ kernel }: Row): boolean {
  return kernel?.tcpState === 'FIN_WAIT_2'
}

function isNew(found: readonly Finding[]) {
  return ({ code }: PastProblem) => !found.some((finding) => finding.code === code)
}

/** What the record proves of a connection that is over. */
function inThePast({ code, ms }: PastProblem, { protocol }: Row): Diagnosis {
  const { past } = messages.connection
  const evidence = messages.connection.evidence
  const words: string[] = []
  if (code === 'peer-not-reading' && ms !== null) words.push(past.evidence.windowHeld(formatDuration(ms)))
  if (code === 'not-closed' && ms !== null) words.push(past.evidence.closeWait(formatDuration(ms)))
  if (code === 'tls-to-plain') words.push(evidence.clientHello(protocol?.serverName ?? null))
  if (code === 'unfinished-request') words.push(evidence.noEmptyLine)
  return { id: code, text: past[code], evidence: words, fix: null }
}

/** A server that waits until its answers have left, as echo does, reads on only then. It is not to blame. */
function causesUnread({ code }: Finding): boolean {
  return code === 'peer-not-reading'
}

function wordsOf({ code, evidence }: Finding, row: Row, now: number): string[] {
  const text = messages.connection.evidence
  const { kernel, sendQueueRoseAt, readingPaused, protocol } = row
  const timer = kernel?.timer ?? null
  const { sendQueue = 0, recvQueue = 0, retransmits = 0, probes = 0 } = evidence
  switch (code) {
    case 'waiting':
      return [text.inode]
    case 'peer-not-reading': {
      const rising = sendQueueRoseAt !== null && now - sendQueueRoseAt < RISING_MS
      const words = [text.sendQueue(formatBytes(sendQueue), rising), ...waitingWords(row)]
      if (evidence.sendWindow === 0) words.push(text.window)
      if (timer?.name === 'persist') words.push(text.persist)
      if (!readingPaused && kernel !== null && kernel.recvQueue > 0)
        words.push(text.unreadBecause(formatBytes(kernel.recvQueue)))
      return words
    }
    case 'retransmitting':
      return [
        text.retransmits(retransmits, formatCount(retransmits)),
        text.retransmitTimer(formatDuration((timer?.endsAt ?? now) - now)),
        text.sendQueue(formatBytes(sendQueue), false),
        ...waitingWords(row),
      ]
    case 'vanished': {
      const left = (timer?.endsAt ?? now) - now + (KEEPALIVE.probes - probes) * KEEPALIVE.intervalMs
      return [text.probes(probes, formatCount(probes)), text.probesEnd(formatDuration(Math.max(0, left)))]
    }
    case 'not-closed':
      return [text.closeWait(finAge(row, now))]
    case 'tls-to-plain':
      return [text.clientHello(protocol?.serverName ?? null)]
    case 'unfinished-request':
      return [text.noEmptyLine]
    case 'unread': {
      const words = [text.recvQueue(formatBytes(recvQueue))]
      if (readingPaused) words.push(text.readingPaused)
      return words
    }
  }
}

/** What is worth saying, and is no problem. @param sick a problem was found, which also explains why no data passes */
function harmless(row: Row, now: number, sick: boolean): Diagnosis[] {
  const text = messages.connection.evidence
  const { kernel, live, readingPaused } = row
  const found: Diagnosis[] = []
  if (readingPaused && kernel?.recvQueue === 0)
    found.push({ ...plain('reading-stopped'), evidence: [text.readingPaused], fix: live ? resumeReading() : null })
  if (awaitsFin(row)) {
    const { ours } = messages.connection.finAwaited
    const diagnosis = live ? plain('our-side-closed') : { ...plain('our-side-closed'), text: ours }
    found.push({ ...diagnosis, evidence: [text.finWait2], fix: clientsTurn(live) })
  }
  const idle = row.idleMs(now)
  if (!sick && !readingPaused && idle !== null && idle >= IDLE_LONG_MS)
    found.push({ ...plain('idle'), evidence: [text.idle(formatDuration(idle))] })
  return found
}

function plain(id: DiagnosisId): Diagnosis {
  return { id, text: messages.connection.diagnosis[id], evidence: [], fix: null }
}
