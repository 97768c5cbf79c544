import type { Endpoint } from './endpoint.ts'

/** RFC 9293's states, with underscores as the kernel writes them. */
export const TCP_STATES = [
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'TIME_WAIT',
  'CLOSED',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
] as const

export type TcpState = (typeof TCP_STATES)[number]

/** In the words of ss(8): `on` retransmits, `persist` probes a closed window. */
export interface KernelTimer {
  name: 'on' | 'keepalive' | 'timewait' | 'persist' | 'unknown'
  /** Unix milliseconds. */
  endsAt: number
}

/** One socket as the kernel has it. Null: this source does not tell (/proc/net/tcp), or the state has none (TIME_WAIT). */
export interface KernelSocket {
  local: Endpoint
  remote: Endpoint
  tcpState: TcpState
  /** 0 when no process holds it: it waits in the accept queue, or its process has closed it. */
  inode: number
  /** Bytes that the program has not read, or that the peer has not acknowledged. */
  recvQueue: number
  sendQueue: number
  rttMs: number | null
  /** Segments sent again over the socket's life. */
  retransmits: number | null
  congestionWindow: number | null
  /** Bytes that the peer is ready to take. */
  sendWindow: number | null
  timer: KernelTimer | null
}

/** A socket in LISTEN; `dualStack`: one on `::` that takes IPv4 clients too (ipv6(7), IPV6_V6ONLY). */
export interface ListeningSocketFacts extends KernelSocket {
  dualStack: boolean
}

/** The kernel's facts of a connection; `sampledAt` is added where they are told (docs/kernel.md). */
export type KernelFacts = Omit<KernelSocket, 'local' | 'remote'>

/** How the server's live connections and the kernel's sockets compare. */
export interface Agreement {
  both: number
  onlyServer: number
  onlyKernel: number
}

/** Counters of the network namespace, all its listening sockets together (/proc/net/netstat, TcpExt). */
export interface DropCounters {
  /** Handshakes that found the accept queue full. */
  listenOverflows: number
  /** SYNs dropped for that or any other reason. */
  listenDrops: number
}

/**
 * Whether a socket is still the kernel's alone: its handshake has begun or is done, and no program has accepted it. Without an
 * inode it could also be one whose program has closed it, but then it would be past these states.
 */
export function isWaiting({ inode, tcpState }: Pick<KernelSocket, 'inode' | 'tcpState'>): boolean {
  return inode === 0 && (tcpState === 'SYN_RECV' || tcpState === 'ESTABLISHED' || tcpState === 'CLOSE_WAIT')
}
