import type { DropCounters, KernelSocket, ListeningSocketFacts } from '../../shared/kernel.ts'

/** Names a socket for as long as it exists: the kernel's cookie, or what /proc has in its place. */
export type Key = number | string

export type Source = 'sock_diag' | 'proc'

/** What has changed in the kernel's table since the sample before. */
export interface Sample {
  source: Source
  /** Unix milliseconds at which the kernel was asked, and how long it took. */
  at: number
  tookMs: number
  total: number
  changed: [key: Key, socket: KernelSocket][]
  gone: Key[]
  /** Every listening socket of the port, other programs' included. Its queues are the accept queue's length and limit. */
  listeners: ListeningSocketFacts[]
  drops: DropCounters | null
}
