import type { KernelState } from '../../shared/stream.ts'

/** An older kernel sample is shown as stale. */
export const STALE_MS = 5000

export interface SampleAge {
  /** `none`: there is no sample. `stale`: the sample is shown, but marked as old. */
  state: 'fresh' | 'stale' | 'none'
  /** Milliseconds; null without a sample. */
  ageMs: number | null
}

/** @param now the server's clock, Unix milliseconds; it stops while the link is lost */
export function sampleAge(
  kernel: Pick<KernelState, 'available' | 'sampledAt'> | null,
  link: string,
  now: number,
): SampleAge {
  if (kernel === null || !kernel.available || kernel.sampledAt === null) return { state: 'none', ageMs: null }
  const ageMs = Math.max(0, now - kernel.sampledAt)
  return { state: link === 'lost' || ageMs > STALE_MS ? 'stale' : 'fresh', ageMs }
}
