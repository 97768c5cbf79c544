import type { KernelSocket } from './schema/kernel.ts'

export type {
  Agreement,
  DropCounters,
  KernelFacts,
  KernelSocket,
  KernelTimer,
  ListeningSocketFacts,
} from './schema/kernel.ts'
export type { TcpState } from './vocabulary.ts'

/**
 * Whether no program has accepted the socket yet. Without an inode it could also be one whose program has closed it, but that
 * socket would be past these states.
 */
export function isWaiting({ inode, tcpState }: Pick<KernelSocket, 'inode' | 'tcpState'>): boolean {
  return inode === 0 && (tcpState === 'SYN_RECV' || tcpState === 'ESTABLISHED' || tcpState === 'CLOSE_WAIT')
}
