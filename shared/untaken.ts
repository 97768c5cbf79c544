import type { Connection } from './connection.ts'

/** The length of the server's stream: the bytes that the kernel has taken, and those that wait. */
export function written({ bytesOut, bytesWaiting }: Pick<Connection, 'bytesOut' | 'bytesWaiting'>): number {
  return bytesOut + bytesWaiting
}

/**
 * The server's bytes that the kernel has not taken: where they begin in the stream, and how many. They wait in the listener process;
 * once the connection has closed, they were never sent.
 */
export function untaken(of: Pick<Connection, 'bytesOut' | 'bytesWaiting' | 'close'>): { from: number; bytes: number } {
  const { bytesOut, close } = of
  const end = written(of)
  const evidence = close?.evidence ?? null
  // Before an RST of the client, the kernel may have taken more than the server's last look has found.
  const taken = evidence === null ? bytesOut : Math.max(bytesOut, evidence.bytesAcked + evidence.unsent)
  const from = Math.min(taken, end)
  return { from, bytes: end - from }
}
