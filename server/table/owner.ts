import { sameAddress } from '../../shared/endpoint.ts'
import { finSent, liveState } from '../../shared/record.ts'
import { clock } from '../clock.ts'
import type { Final } from '../kernel/final.ts'
import type { Entry } from './entry.ts'
import { finAcked } from './judge-alone.ts'

/** A close(2) destroys the socket, unless it has to wait, and the report of the close follows in the same turn. Milliseconds. */
export const REPORTED_WITHIN_MS = 1_000

/** A final whose connection is not known to have closed. */
export interface Heard {
  readonly final: Final
  /** Steady time (clock.ts). */
  readonly at: number
  /** Another final, or another socket, fits as well. */
  doubtful: boolean
}

/** Whether a final that has been heard before the close may be of this connection, and not of another one with its 4-tuple. */
export function mayBeOf(entry: Entry, { final, at }: Heard): boolean {
  const heard = clock.corrected(at)
  const closed = entry.close?.at ?? heard
  return heard >= entry.openedAt && heard + REPORTED_WITHIN_MS >= closed && isOf(entry, final)
}

/** Whether a final with endpoints may be of this connection: the server cannot have counted more than there was. */
function isOf(entry: Entry, final: Final): boolean {
  const { local, remote, cookie, progress } = entry
  return (
    (cookie === 0 || cookie === final.cookie) &&
    remote.port === final.remote.port &&
    sameAddress(remote.address, final.remote.address) &&
    sameAddress(local.address, final.local.address) &&
    taken(entry) <= final.received - final.unread &&
    progress.bytesOut <= final.acked + final.unsent &&
    !(finAcked(final) && diedOpen(entry))
  )
}

/**
 * Whether the server has counted exactly what there was. It may have counted less: bytes that were read but not delivered, and
 * writes that failed halfway.
 */
export function isExact(entry: Entry, { received, unread, acked, sent, unsent }: Final): boolean {
  const out = acked > sent ? sent : acked + unsent
  // Our FIN counts as unsent.
  const fin = out - entry.progress.bytesOut
  return taken(entry) === received - unread && (fin === 0 || fin === 1)
}

/** What the server has taken out of the receive queue, the client's FIN included. */
function taken({ progress }: Entry): number {
  return progress.bytesIn + (liveState(progress) === 'half-closed' ? 1 : 0)
}

/** RST came before the server closed, so it has sent no FIN. */
function diedOpen({ close, progress }: Entry): boolean {
  return close?.reset === 'peer' && !finSent(progress)
}
