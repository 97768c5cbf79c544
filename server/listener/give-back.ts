import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const LOOK_MS = 1_000
/** With fewer reports a second, nobody notices that the process stands still for some tens of milliseconds. */
const REST = 20
/** With fewer reports since the last time, there is little to give back. */
const MANY = 500
const GROWN = 32 * 1024 * 1024
/**
 * If the last time gave back this much, there is more: clients that never read leave one by one on a busy machine, and V8 frees
 * the last of their bytes only with the next collection (47 of 100 MiB, seen once in five).
 */
const HELPED = 8 * 1024 * 1024

/**
 * Returns memory to the system when many clients have come or gone, and the process is at rest. Bytes that waited for clients
 * that never read are garbage once they have left, but at rest V8 collects nothing, and malloc returns only what is free at its
 * end: 300 MiB stayed.
 * @param reports how often a connection has been reported
 */
export function giveBackAtRest(reports: () => number): void {
  const small = residentBytes()
  if (small === null) return
  let seen = reports()
  let givenBack = seen
  let enough = MANY
  setInterval(() => {
    const before = seen
    seen = reports()
    const size = residentBytes() ?? 0
    if (seen - before >= REST || seen - givenBack < enough || size < small + GROWN) return
    givenBack = seen
    collectGarbage()
    void trimHeap().then(() => {
      enough = size - (residentBytes() ?? 0) >= HELPED ? 0 : MANY
    })
  }, LOOK_MS)
}

/** @returns null without /proc */
function residentBytes(): number | null {
  try {
    return process.memoryUsage.rss()
  } catch {
    return null
  }
}

/** Node has no public call for it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}

async function trimHeap(): Promise<void> {
  // Loaded here because most listener processes never need libc.
  const { loadLibc } = await import('../libc.ts')
  const libc = await loadLibc()
  libc?.trimHeap()
}
