import type { Server, Socket } from 'node:net'

// What Node has no public name for: the libuv handle under a server or a socket. Null once that is closed.

interface Handle {
  fd?: number
  reading?: boolean
  readStart?(): number
  readStop?(): number
  getpeername?(out: object): number
}

function handleOf(owner: Server | Socket): Handle | null {
  return (owner as unknown as { _handle: Handle | null })._handle
}

/** The file descriptor, or -1. */
export function descriptor(owner: Server | Socket): number {
  return handleOf(owner)?.fd ?? -1
}

/**
 * Leaves what comes in the kernel's receive queue. `socket.pause()` alone would go on reading until the stream's own buffer
 * has 64 KiB, and for so long no window would fill.
 */
export function stopReading(socket: Socket): void {
  socket.pause()
  const handle = handleOf(socket)
  if (handle === null) return
  handle.reading = false
  handle.readStop?.()
}

/** Before `resume()`, which takes a stream that waits for bytes for one that is being read, and starts nothing. */
export function startReading(socket: Socket): void {
  const handle = handleOf(socket)
  if (handle === null || handle.reading === true) return
  handle.reading = true
  handle.readStart?.()
}

/** False when the kernel has no peer for the socket any more: it was reset, or both have sent FIN (getpeername(2)). */
export function isConnected(socket: Socket): boolean {
  return handleOf(socket)?.getpeername?.({}) === 0
}
