import type { KernelState } from '../../shared/stream.ts'

/** Older than this, what the kernel said is how things were. */
export const STALE_MS = 5000

export interface SampleAge {
  /** `none`: the kernel cannot be asked. `stale`: what it said is shown, and said to be old. */
  state: 'fresh' | 'stale' | 'none'
  /** Milliseconds; null where there is no sample. */
  ageMs: number | null
}

/** @param now the server's clock, Unix milliseconds; stands still while the link is lost */
export function sampleAge(
  kernel: Pick<KernelState, 'available' | 'sampledAt'> | null,
  link: string,
  now: number,
): SampleAge {
  if (kernel === null || !kernel.available || kernel.sampledAt === null) return { state: 'none', ageMs: null }
  const ageMs = Math.max(0, now - kernel.sampledAt)
  return { state: link === 'lost' || ageMs > STALE_MS ? 'stale' : 'fresh', ageMs }
}
