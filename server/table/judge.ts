import type { Close, CloseEvidence, Progress } from '../../shared/connection.ts'
import { liveState } from '../../shared/record.ts'
import type { TcpState } from '../../shared/kernel.ts'
import type { Final } from '../kernel/final.ts'

/** The server's own account of a close, and what it knows besides. */
export interface Account {
  close: Close
  progress: Progress
  /** The socket's last sampled state, and when, in Unix milliseconds; null: never sampled. */
  lastState: TcpState | null
  lastStateAt: number
}

/** A sample tells what state the socket was closed in if it was taken so shortly before. Milliseconds. */
const JUST_BEFORE_MS = 100

/** States in which the client's FIN has arrived before ours (RFC 9293, 3.3.2). */
const FIN_ARRIVED: readonly TcpState[] = ['CLOSE_WAIT', 'LAST_ACK']

/**
 * Whether only the next sample can tell how it ended. After our own FIN, one unread byte may be the client's FIN, which leaves
 * the socket in TIME_WAIT, or data, which the kernel answers with RST.
 */
export function needsSample({ close, progress, lastState }: Account, final: Final): boolean {
  const ours = close.by === 'server' && close.reset === null && !finRead(progress)
  return ours && final.unread > 0 && finAcked(final) && !finArrived(lastState)
}

/** The account of a close by our RST, of which the kernel keeps nothing: a sample may have shown that the client's FIN came first. */
export function judgeReset({ close, lastState }: Account): Close {
  return close.by === 'server' && finArrived(lastState) ? { ...close, by: 'peer', how: 'fin' } : close
}

/**
 * Checks the server's account of a close against the kernel's last word, and corrects it.
 *
 * The server does not see a FIN that it has not read, an RST that answers its own FIN, nor the RST that the kernel sends by
 * itself when a socket is closed with unread bytes (RFC 1122, 4.2.2.13; RFC 2525, 2.17).
 */
export function judge(account: Account, final: Final): Close {
  const { close, progress, lastState, lastStateAt } = account
  const { how } = close
  let { by, reset } = close
  let certain = true
  // The client's FIN counts as one unread byte until the server has read it.
  let finUnread = 0
  const cameFirst = finArrived(lastState)
  if (!finRead(progress) && final.unread > 0 && close.by === 'server') {
    if (cameFirst || lastState === 'TIME_WAIT') finUnread = 1
    else certain = lastState !== null && lastStateAt >= close.at - JUST_BEFORE_MS
  }
  // Our FIN may have been the first that the server knew of.
  if (cameFirst && by === 'server' && how === 'fin') by = 'peer'
  const unread = final.unread - finUnread
  if (certain && reset === null && how !== 'error' && close.code !== 'ETIMEDOUT') {
    if (finAcked(final)) {
      // In order, unless our close(2) came between our FIN and the client's, and found unread bytes.
      if (unread > 0 && !cameFirst && lastState !== 'TIME_WAIT') reset = 'server'
    } else if (unread > 0) reset = 'server'
    else if (final.retransmits === 0) reset = 'peer'
  }
  const corrected = by !== close.by || reset !== close.reset
  const finReceived = finRead(progress) ? 1 : finUnread
  const finSent = how === 'fin' || how === 'timeout' ? 1 : 0
  return { ...close, by, how, reset, evidence: evidence(final, unread, finReceived, finSent, corrected, certain) }
}

/** Whether a sample found that the client's FIN had arrived before ours. */
function finArrived(lastState: TcpState | null): boolean {
  return lastState !== null && FIN_ARRIVED.includes(lastState)
}

/** Whether the server has read the client's FIN. */
function finRead(progress: Progress): boolean {
  return liveState(progress) === 'half-closed'
}

function finAcked({ acked, sent }: Final): boolean {
  return acked > sent
}

function evidence(
  final: Final,
  unread: number,
  finReceived: number,
  finSent: number,
  corrected: boolean,
  certain: boolean,
): CloseEvidence {
  const { acked, sent, received, unsent, retransmits, rttMs, busyMs, windowLimitedMs, bufferLimitedMs } = final
  return {
    source: corrected ? 'kernel' : 'both',
    certain,
    bytesReceived: Math.max(0, received - finReceived),
    bytesAcked: Math.min(acked, sent),
    unread,
    unsent: finAcked(final) ? 0 : Math.max(0, unsent - finSent),
    retransmits,
    rttMs,
    busyMs,
    windowLimitedMs,
    bufferLimitedMs,
  }
}
