import type { CloseBy, CloseHow, ResetBy } from '../../shared/connection.ts'
import type { TcpState } from '../../shared/kernel.ts'
import type { Final } from '../kernel/final.ts'

/** What is known about the end of a connection besides the kernel's last word. */
export interface Seen {
  /** Whose FIN was sent first; null: unknown, or neither sent one. */
  first: 'peer' | 'server' | null
  /** Whether the peer's FIN may have come unseen. */
  finPossible: boolean
  /** Whose socket samples found in TIME_WAIT afterwards; null: no sample was taken. */
  timeWait: 'peer' | 'server' | 'neither' | null
  /**
   * Whether the kernel sent RST because the socket was closed with unread bytes (TcpExt TCPAbortOnClose); null: unknown. The
   * same bytes may have been left by the peer's RST.
   */
  aborted: boolean | null
}

/** How a connection ended. */
export interface Verdict {
  by: CloseBy
  how: CloseHow
  reset: ResetBy | null
  /** False: the evidence also fits another ending. */
  certain: boolean
}

/** Whose FIN came first, by the state that a sample found (RFC 9293, 3.3.2). */
export function firstBy(state: TcpState | null): Seen['first'] {
  if (state === 'CLOSE_WAIT' || state === 'LAST_ACK') return 'peer'
  return state?.startsWith('FIN_WAIT') === true || state === 'CLOSING' || state === 'TIME_WAIT' ? 'server' : null
}

/** Whether the peer has acknowledged our FIN. */
export function finAcked({ acked, sent }: Final): boolean {
  return acked > sent
}

/** Whether our FIN was sent: it is the last to go, and counts as an unsent byte until it is acknowledged. */
export function finSent(final: Final): boolean {
  const { acked, sent, unsent } = final
  return finAcked(final) || (unsent > 0 && sent >= acked + unsent - 1)
}

/** Judges by the kernel's evidence alone, for an accepted socket of any program. */
export function judgeAlone(final: Final, seen: Seen): Verdict {
  const { first, finPossible, timeWait, aborted } = seen
  // Our RST makes the kernel forget the peer and all counters.
  if (final.remote.port === 0) return began(first, 'server', first !== null || !finPossible)
  if (timeWait === 'server') return began('server', null, true)
  if (finAcked(final)) return inOrder(final, seen)
  // The peer's FIN counts as an unread byte. One unread byte alone is hardly ever data.
  if (first === null && finPossible && final.unread === 1) return began('peer', 'peer', false)
  const unread = final.unread - (first === 'peer' ? 1 : 0)
  const known = first !== null || !finPossible
  if (unread > 0) return began(first, aborted === false ? 'peer' : 'server', aborted !== null && known)
  // After close(2), the kernel itself answers further data with RST. Until our FIN is acknowledged, it counts as unsent.
  if (!final.unanswered) return began(first, 'peer', known && (first === 'peer' || final.unsent === 0))
  if (first !== null) return began(first, null, false)
  // RST may also come while data or a zero-window probe waits for an answer. Keepalive probes leave nothing unsent.
  return { by: 'system', how: 'timeout', reset: null, certain: final.unsent === 0 }
}

/** Both FINs were sent and ours was acknowledged, unless RST came after that. */
function inOrder({ unread }: Final, { first, finPossible, timeWait, aborted }: Seen): Verdict {
  if (first === 'peer' || timeWait === 'peer') return began('peer', null, true)
  // Without TIME_WAIT, the peer was first or RST ended it: ours because of unread bytes, or one that left no trace.
  if (first === 'server') {
    // One unread byte may be the peer's FIN: a new connection of the same 4-tuple ends TIME_WAIT before a sample finds it.
    const left = unread > (finPossible ? 1 : 0)
    return began(first, left && aborted !== false ? 'server' : null, left && aborted === true)
  }
  return began('peer', null, false)
}

/** @param first whose FIN began it; null: the RST did */
function began(first: Seen['first'], reset: ResetBy | null, certain: boolean): Verdict {
  if (first === null) return { by: reset ?? 'system', how: 'reset', reset, certain }
  return { by: first, how: 'fin', reset, certain }
}
