import type { Close, Connection } from './connection.ts'
import { isTlsHello, isUnfinished, PROBLEM_AFTER_MS, type ProblemCode } from './diagnosis.ts'
import { finsOf } from './record.ts'
import { untaken } from './untaken.ts'

/** A problem that a closed connection had. `ms`: how long it lasted, where the record tells. */
export interface PastProblem {
  code: PastCode
  ms: number | null
}

/** Of the others nothing is left but the counters, which the ending has. */
type PastCode = Exclude<ProblemCode, 'waiting' | 'unread'>

/** The fields of a record that keep such traces. */
export type Remains = Pick<Connection, 'close' | 'lastActivityAt' | 'bytesOut' | 'bytesWaiting' | 'protocol'> &
  Parameters<typeof finsOf>[0]

/** The problems that the record of a closed connection proves, the weightiest first. Samples are forgotten with the socket. */
export function pastProblems(record: Remains): PastProblem[] {
  const { close, protocol } = record
  if (close === null) return []
  const found: PastProblem[] = []
  const windowMs = windowLimited(record, close)
  if (windowMs !== null) found.push({ code: 'peer-not-reading', ms: windowMs })
  // The kernel gives up after retransmits or after probes: of its zero window, or of a silent client.
  if (close.code === 'ETIMEDOUT')
    found.push({ code: wasRetransmitting(close) ? 'retransmitting' : 'vanished', ms: null })
  const closeWaitMs = closeWait(record, close)
  if (closeWaitMs !== null) found.push({ code: 'not-closed', ms: closeWaitMs })
  if (isTlsHello(protocol)) found.push({ code: 'tls-to-plain', ms: null })
  if (isUnfinished(protocol)) found.push({ code: 'unfinished-request', ms: null })
  return found
}

/** How long the client's window held bytes back, if some were left at the end. Null: the kernel's account has no such time. */
function windowLimited(record: Remains, { evidence }: Close): number | null {
  if (evidence === null || !isOwed(record)) return null
  return lastedAs('peer-not-reading', evidence.windowLimitedMs) ? evidence.windowLimitedMs : null
}

function wasRetransmitting({ evidence }: Close): boolean {
  return evidence !== null && evidence.unsent > 0 && evidence.retransmits > 0
}

/**
 * The time from the client's FIN until the server's, or until the end. Null: too short, or the server may not have been done: as
 * with a live connection, it is not to blame while it sends or its bytes wait.
 */
function closeWait(record: Remains, { at, evidence }: Close): number | null {
  const { client, server } = finsOf(record)
  const end = server ?? at
  if (client === null || end < client || isOwed(record)) return null
  // The server's own FIN counts as activity, so this then tells nothing of the bytes before it.
  const lastBytes = server === null ? Math.max(client, record.lastActivityAt) : client
  const idle = Math.min(end - lastBytes, end - client - (evidence?.busyMs ?? 0))
  return lastedAs('not-closed', idle) ? end - client : null
}

/** Whether bytes of the server had not reached the client at the end. */
function isOwed(record: Remains): boolean {
  const { close } = record
  const unsent = close?.evidence?.unsent ?? close?.beforeReset?.unsent ?? 0
  return unsent > 0 || untaken(record).bytes > 0
}

function lastedAs(code: ProblemCode, ms: number): boolean {
  return ms >= (PROBLEM_AFTER_MS[code] ?? 0)
}
