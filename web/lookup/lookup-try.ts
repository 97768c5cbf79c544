import type { ClientRecord } from '../../shared/client.ts'
import type { Verdict } from '../../shared/demux.ts'
import type { Answer } from '../live/api.ts'
import type { Listener } from '../../shared/stream.ts'
import { messages } from '../text/messages.ts'

/**
 * Whether a real client's fate matches the prediction. A client cannot even send a SYN that would reach a connected
 * socket, because the 4-tuple is already in use on this machine; the kernel refuses the bind or connect.
 * @returns null if the answer says nothing about the prediction
 */
export function cameOutAs(verdict: Verdict, answer: Answer<ClientRecord>): boolean | null {
  if (answer.ok) return verdict === 'listening' || verdict === 'time-wait'
  if (!answer.code.startsWith('E')) return null
  switch (verdict) {
    case 'connected':
      return answer.code === 'EADDRNOTAVAIL' || answer.code === 'EADDRINUSE'
    case 'reset':
      return answer.code === 'ECONNREFUSED'
    // The client's address may not exist here, or its endpoint may be in TIME_WAIT. Then no packet reached the
    // listening socket.
    case 'listening':
    case 'time-wait':
      return answer.code === 'ECONNREFUSED' ? false : null
  }
}

/**
 * Explains a refused loopback address: macOS has only 127.0.0.1 until others are added. A listener whose inode is known runs on
 * Linux, which has all of them.
 */
export function aliasHint(
  code: string,
  address: string | undefined,
  listener: Pick<Listener, 'inode'> | null,
): string | null {
  if (listener?.inode != null) return null
  const loopback = address?.startsWith('127.') && address !== '127.0.0.1'
  return code === 'EADDRNOTAVAIL' && address !== undefined && loopback ? messages.lookup.alias(address) : null
}
