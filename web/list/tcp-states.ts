import type { TcpState } from '../../shared/kernel.ts'

/** In the order of a connection's life (RFC 9293, 3.3.2). */
export const TCP_STATES: readonly TcpState[] = [
  'LISTEN',
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'CLOSE_WAIT',
  'LAST_ACK',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSING',
  'TIME_WAIT',
  'CLOSED',
]

/** Sort key of a TCP state; a connection without a socket in the kernel comes last. */
export function tcpRank(state: TcpState | undefined): number {
  return state === undefined ? TCP_STATES.length : TCP_STATES.indexOf(state)
}
