/** Descriptors reserved for everything but connections: event loop, IPC, logs, listening socket. */
const RESERVED_DESCRIPTORS = 64
/** Used where the system has no limit. */
const MOST_CONNECTIONS = 1_000_000

/** The requested number, or as many as the descriptor limit allows, whichever is lower. */
export function connectionLimit(wish: number | null, descriptors: number | null): number {
  const possible = descriptors === null ? MOST_CONNECTIONS : Math.max(1, descriptors - RESERVED_DESCRIPTORS)
  return Math.min(wish ?? possible, possible)
}
