import type { Connection } from './connection.ts'

/**
 * The server's bytes that the kernel has not taken: where they begin in the stream, and how many. They wait in the listener process;
 * once the connection has closed, they were never sent.
 */
export function untaken({ bytesOut, bytesWaiting, close }: Pick<Connection, 'bytesOut' | 'bytesWaiting' | 'close'>): {
  from: number
  bytes: number
} {
  const written = bytesOut + bytesWaiting
  const evidence = close?.evidence ?? null
  // Before an RST of the client, the kernel may have taken more than the server's last look has found.
  const taken = evidence === null ? bytesOut : Math.max(bytesOut, evidence.bytesAcked + evidence.unsent)
  const from = Math.min(taken, written)
  return { from, bytes: written - from }
}
