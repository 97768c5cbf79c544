import { TCP_STATES, type TcpState } from '../../shared/vocabulary.ts'

/** Sort key of a TCP state; a connection without a socket in the kernel comes last. */
export function tcpRank(state: TcpState | undefined): number {
  return state === undefined ? TCP_STATES.length : TCP_STATES.indexOf(state)
}
