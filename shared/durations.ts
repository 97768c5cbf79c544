import type { Connection } from './connection.ts'

/** How long the connection has been open, or was open. @param now Unix milliseconds @returns milliseconds */
export function ageMs({ close, openedAt }: Pick<Connection, 'close' | 'openedAt'>, now: number): number {
  return Math.max(0, (close?.at ?? now) - openedAt)
}

/** Time since the last data or FIN; null once closed. @param now Unix milliseconds @returns milliseconds */
export function idleMs(
  { close, lastActivityAt }: Pick<Connection, 'close' | 'lastActivityAt'>,
  now: number,
): number | null {
  return close === null ? Math.max(0, now - lastActivityAt) : null
}
