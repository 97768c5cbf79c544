import type { DropCounters, ListeningSocketFacts } from '../../shared/kernel.ts'

/** Said where there is none. */
export const NO_SOURCE = 'this system has no table of sockets that can be read (sock_diag, /proc/net/tcp)'

export type SampleSource = 'sock_diag' | 'proc'

/**
 * What has changed in the kernel's table since the sample before. A socket is known by its cookie for as long as it exists;
 * /proc tells none, so there the sampler gives it a number.
 */
export interface Sample {
  source: SampleSource
  /** Unix milliseconds at which the kernel was asked, and how long it took. */
  at: number
  tookMs: number
  total: number
  /** Packed sockets (packed.ts). */
  changed: Uint8Array<ArrayBuffer>
  /** Cookies. */
  gone: number[]
  /** Every listening socket of the port, other programs' included. Its queues are the accept queue's length and limit. */
  listeners: ListeningSocketFacts[]
  drops: DropCounters | null
}
