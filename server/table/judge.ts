import type { Close, CloseEvidence, Progress } from '../../shared/connection.ts'
import { liveState } from '../../shared/record.ts'
import type { TcpState } from '../../shared/kernel.ts'
import type { Final } from '../kernel/final.ts'
import { finAcked, finSent, firstBy, judgeAlone, type Seen, type Verdict } from './judge-alone.ts'

/** The code of closes by the death of the listener process: the kernel closed its sockets, like close(2). */
export const LISTENER_DIED = 'LISTENER_DIED'

/** The server's own account of a close, and what it knows besides. */
export interface Account {
  close: Close
  progress: Progress
  /** The socket's last sampled state; null: never sampled. */
  lastState: TcpState | null
}

/**
 * Whether only samples after the close can tell how it ended: if our FIN came first, the socket goes to TIME_WAIT. Without it,
 * the client's FIN came first, unread, or RST ended the connection.
 */
export function needsSample({ close, lastState }: Account, final: Final): boolean {
  return (
    (close.by === 'server' || close.code === LISTENER_DIED) &&
    close.reset !== 'peer' &&
    finAcked(final) &&
    firstBy(lastState) !== 'peer'
  )
}

/**
 * Checks the server's account of a close against the kernel's last word, and corrects it.
 *
 * The server does not see a FIN that it has not read, an RST that answers its own FIN, nor the RST that the kernel sends by
 * itself when a socket is closed with unread bytes (RFC 1122, 4.2.2.13; RFC 2525, 2.17).
 * @param doubtful the final may be another connection's
 */
export function judge(account: Account, final: Final, timeWait: Seen['timeWait'], doubtful = false): Close {
  const { close, progress } = account
  const seen = seenBy(account, final, timeWait)
  const { certain: proven, ...ending } = verdictOn(account, final, seen)
  const certain = proven && !doubtful
  const corrected = certain && (ending.by !== close.by || ending.how !== close.how || ending.reset !== close.reset)
  const finRead = hasReadFin(progress)
  // The client's FIN counts as one unread byte until the server has read it.
  const died = close.code === LISTENER_DIED
  // After the process's death, data would have been answered with RST, and our FIN would not be acknowledged.
  const finUnread =
    !finRead && final.unread > 0 && (seen.first === 'peer' || timeWait === 'server' || (died && finAcked(final)))
  // Our FIN counts as unsent, if there was one: RST may have come before our close.
  const ourFin = close.how !== 'reset' && final.acked + final.unsent > progress.bytesOut ? 1 : 0
  const facts = evidence(final, finUnread ? 1 : 0, finRead || finUnread ? 1 : 0, ourFin)
  const source = corrected ? 'kernel' : 'both'
  return { ...close, ...(corrected ? ending : {}), evidence: { source, certain, ...facts } }
}

/** Whether two finals give the same ending. */
export function tellTheSame(account: Account, final: Final, other: Final): boolean {
  const [one, two] = [final, other].map((each) =>
    needsSample(account, each) ? null : verdictOn(account, each, seenBy(account, each, null)),
  )
  return one?.by === two?.by && one?.how === two?.how && one?.reset === two?.reset && one?.certain === two?.certain
}

function verdictOn({ close }: Account, final: Final, seen: Seen): Verdict {
  const { by, how, reset, code } = close
  if (code === LISTENER_DIED) {
    const verdict = judgeAlone(final, seen)
    // Its death was the cause, unless the client had ended the connection before.
    return verdict.by === 'peer' ? verdict : { ...verdict, by, how }
  }
  // An error that the socket reported needs no proof. But bytes before it may have been left unread, and a FIN among them.
  if (how === 'error' || by === 'system') {
    // Keepalive probes are sent only while nothing is unsent, and after the last one the kernel sends RST.
    const keepalive = how === 'timeout' && final.unsent === 0
    return { by, how, reset: keepalive ? 'server' : reset, certain: true }
  }
  if (reset === 'peer') {
    if (how === 'fin' && (by === 'peer' || finSent(final))) return { by, how, reset, certain: true }
    return { by: 'peer', how: 'reset', reset, certain: !seen.finPossible }
  }
  const verdict = judgeAlone(final, seen)
  // We wanted to reset it, and it was over: not by a FIN of the client, which would be unread.
  const overBefore = verdict.reset === 'peer' || (verdict.reset === null && seen.timeWait === 'neither')
  if (reset === 'server' && overBefore && final.unread === 0) return { ...verdict, reset: 'peer', certain: true }
  return how === 'timeout' && verdict.by === 'server' ? { ...verdict, how } : verdict
}

/** What the server knows of the order of the two FINs. */
function seenBy({ close, progress, lastState }: Account, final: Final, timeWait: Seen['timeWait']): Seen {
  const finRead = hasReadFin(progress)
  const finPossible = !finRead && final.unread > 0
  const died = close.code === LISTENER_DIED
  let first = firstBy(lastState)
  if (first === null && died) first = finRead ? 'peer' : 'server'
  else if (first === null && close.how !== 'reset') {
    if (close.by === 'peer') first = 'peer'
    else if (close.by === 'server' && !finRead) {
      // A timeout is a close(2) without shutdown(2): our FIN was sent, so what was unread was the client's FIN. Elsewhere the
      // listener process reads it, if it ends the connection.
      if (finAcked(final)) first = close.how === 'timeout' && final.unread > 0 ? 'peer' : 'server'
      else if (!finPossible) first = 'server'
    }
  }
  // A FIN that waited for the client's window was never sent.
  if (first === 'server' && !finSent(final)) first = null
  // A process that is stopped, or does not read, has not noticed RST of the client.
  return { first, finPossible, timeWait, aborted: died ? null : true }
}

/** Whether the server has read the client's FIN. */
function hasReadFin(progress: Progress): boolean {
  return liveState(progress) === 'half-closed'
}

function evidence(
  final: Final,
  finUnread: number,
  finReceived: number,
  ourFin: number,
): Omit<CloseEvidence, 'source' | 'certain'> {
  const { acked, sent, received, unsent, unread, retransmits, rttMs, busyMs, windowLimitedMs, bufferLimitedMs } = final
  return {
    bytesReceived: Math.max(0, received - finReceived),
    bytesAcked: Math.min(acked, sent),
    unread: Math.max(0, unread - finUnread),
    unsent: finAcked(final) ? 0 : Math.max(0, unsent - ourFin),
    retransmits,
    rttMs,
    busyMs,
    windowLimitedMs,
    bufferLimitedMs,
  }
}
