/** Descriptors that are not connections: the event loop's own, IPC, logs, the listening socket. */
const RESERVED_DESCRIPTORS = 64
/** Where the system sets no limit of its own. */
const MOST_CONNECTIONS = 1_000_000

/** The wish, or as many as there can be descriptors for, whichever is less. */
export function connectionLimit(wish: number | null, descriptors: number | null): number {
  const possible = descriptors === null ? MOST_CONNECTIONS : Math.max(1, descriptors - RESERVED_DESCRIPTORS)
  return Math.min(wish ?? possible, possible)
}
