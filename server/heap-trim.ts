import type { Libc } from './libc.ts'

const LOOK_MS = 2_000

/**
 * Returns the memory that malloc keeps to the system, every two seconds in which something has changed. Frames and samples
 * come and go between blocks that stay, and by itself malloc returns only what is free at its end: 30 MiB stayed after a flood.
 * @param changes a number that each change raises
 * @returns stops it
 */
export function trimHeapRegularly(libc: Pick<Libc, 'trimHeap'>, changes: () => number): () => void {
  // The start itself leaves 3 MiB.
  let trimmedAt = -1
  const timer = setInterval(() => {
    const now = changes()
    if (now === trimmedAt) return
    trimmedAt = now
    libc.trimHeap()
  }, LOOK_MS)
  return () => clearInterval(timer)
}
