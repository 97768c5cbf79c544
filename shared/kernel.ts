import type { KernelSocket } from './schema/kernel.ts'

export type {
  Agreement,
  DropCounters,
  KernelFacts,
  KernelSocket,
  KernelTimer,
  ListeningSocketFacts,
  OtherEnd,
  Owner,
} from './schema/kernel.ts'
export type { TcpState } from './vocabulary.ts'

/** TCP keepalive: the kernel sends a probe every `intervalMs` milliseconds and gives up after `probes` without an answer. libuv has the same. */
export const KEEPALIVE = { probes: 10, intervalMs: 1_000 }

/** Whether the socket waits to be accepted. A socket closed by its program has no inode either, but is in a later state. */
export function isWaiting({ inode, tcpState }: Pick<KernelSocket, 'inode' | 'tcpState'>): boolean {
  return inode === 0 && (tcpState === 'SYN_RECV' || tcpState === 'ESTABLISHED' || tcpState === 'CLOSE_WAIT')
}
