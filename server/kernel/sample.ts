import type { DropCounters, ListeningSocketFacts } from '../../shared/kernel.ts'
import type { EndsSample } from './other-ends.ts'

/** The reason given on other systems. */
export const NO_SOURCE = 'no readable socket table on this system (sock_diag, /proc/net/tcp)'

export type SampleSource = 'sock_diag' | 'proc'

/**
 * The changes in the kernel's table since the previous sample. A cookie identifies a socket for its whole life; /proc
 * has none, so the sampler assigns numbers there.
 */
export interface Sample {
  source: SampleSource
  /** Unix milliseconds of the sample (steady in the thread, clock.ts), and its duration. */
  at: number
  tookMs: number
  total: number
  /** Packed sockets (packed.ts). */
  changed: Uint8Array<ArrayBuffer>
  /** Cookies. */
  gone: number[]
  /** Every listening socket of the port, including other programs'. Its queues are the accept queue's length and limit. */
  listeners: ListeningSocketFacts[]
  drops: DropCounters | null
  /** The clients' own sockets; null: not looked for in this sample. */
  ends: EndsSample | null
}
