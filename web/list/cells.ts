import { findings, type Problem } from '../../shared/diagnosis.ts'
import type { KernelFacts } from '../../shared/kernel.ts'
import { readingStopped } from '../../shared/record.ts'
import type { Row } from '../live/row.ts'
import { formatDateTime, formatAge, formatByteRate, formatBytes, formatInterval } from '../text/format.ts'
import { describeState, explainState, messages } from '../text/messages.ts'

/** Nothing to read or to send is quiet: a dash would look like something. @param bytes undefined: unknown */
export function queueText(bytes: number | undefined): string {
  return bytes === undefined ? '' : bytes === 0 ? '0' : formatBytes(bytes)
}

/** What waits in the queue that the problem is about. @returns null: nothing, or unknown */
export function waitingTexts(
  problem: Problem | null,
  kernel: Pick<KernelFacts, 'recvQueue' | 'sendQueue'> | null,
): { bytes: string; what: string } | null {
  if (problem === null || kernel === null) return null
  const { recvQueue, sendQueue } = kernel
  const unread = recvQueue > 0 && (problem.evidence.recvQueue !== undefined || sendQueue === 0)
  if (unread) return { bytes: formatBytes(recvQueue), what: messages.list.toRead }
  return sendQueue > 0 ? { bytes: formatBytes(sendQueue), what: messages.list.toSend } : null
}

/**
 * Whether the newest facts no longer show the row's problem. The server keeps a problem for 2 s after it was last found, so that one
 * that comes and goes does not flicker. Meanwhile the queues in the same row are already newer.
 */
export function hasPassed(row: Row): boolean {
  const { problem, live, state, protocol, kernel } = row
  if (problem === null || kernel === null) return false
  const patient = { live, halfClosed: state === 'half-closed', readingStopped: readingStopped(row), protocol, kernel }
  return !findings(patient).some(({ code }) => code === problem.code)
}

/**
 * The state in words. A narrow column shows only `word`. Of an open connection, `word` is the action on it
 * instead of "Open".
 */
export function stateTexts(row: Row): { word: string; then: string; title: string } {
  const state = describeState(row)
  const parts = state.split(/ (?=·)/)
  if (row.live && row.state === 'open' && parts.length > 1) {
    parts.shift()
    parts[0] = parts[0]?.replace(/^· (.)/u, (_, first: string) => first.toLocaleUpperCase()) ?? ''
  }
  const [word = '', ...then] = parts
  const explained = explainState(row)
  const when = row.close === null ? explained : `${explained}: ${formatDateTime(row.close.at)}`
  return { word, then: then.join(' '), title: `${state}. ${when}` }
}

/** The texts that change over time, without any change of the row. @param lost the link to the server is */
export function timeTexts(row: Row, now: number, lost: boolean) {
  const age = row.ageMs(now)
  const idle = row.idleMs(now)
  return {
    // The columns are narrow; the panel has the exact times. A closed connection can have been open for milliseconds.
    since: row.problem === null ? '' : formatAge(now - row.problem.since),
    age: !row.live && age < 1000 ? formatInterval(age) : formatAge(age),
    idle: idle === null ? '' : formatAge(idle),
    // A rate is about the present, which is unknown while the link is lost.
    rate: lost ? '' : formatByteRate(row.rate(now)),
  }
}
