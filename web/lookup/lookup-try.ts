import type { ClientRecord } from '../../shared/client.ts'
import type { Verdict } from '../../shared/demux.ts'
import type { Answer } from '../live/api.ts'
import { messages } from '../text/messages.ts'

/**
 * Whether a client that was really opened came out as predicted. A SYN that would reach a connected socket cannot even be
 * sent from this machine: its own kernel has the 4-tuple at the other end, and refuses.
 * @returns null where it says nothing of the prediction
 */
export function cameOutAs(verdict: Verdict, answer: Answer<ClientRecord>): boolean | null {
  if (answer.ok) return verdict === 'listening' || verdict === 'time-wait'
  if (!answer.code.startsWith('E')) return null
  switch (verdict) {
    case 'connected':
      return answer.code === 'EADDRNOTAVAIL' || answer.code === 'EADDRINUSE'
    case 'reset':
      return answer.code === 'ECONNREFUSED'
    // The endpoint may not be ours to use, or the client's end may be in TIME_WAIT: the listening socket was not asked.
    case 'listening':
    case 'time-wait':
      return answer.code === 'ECONNREFUSED' ? false : null
  }
}

/** Some systems have 127.0.0.1 and no other loopback address until they are told. */
export function aliasHint(code: string, address: string | undefined): string | null {
  const loopback = address?.startsWith('127.') && address !== '127.0.0.1'
  return code === 'EADDRNOTAVAIL' && address !== undefined && loopback ? messages.lookup.alias(address) : null
}
