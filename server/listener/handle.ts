import { fstatSync } from 'node:fs'
import type { Server, Socket } from 'node:net'
import { plainAddress, unspecifiedLike } from '../../shared/endpoint.ts'
import { Cache } from '../cache.ts'

// The libuv handle under a server or a socket, for which Node has no public API. Null once it is closed.

/** An endpoint as Node writes it into an object. */
interface NodeEndpoint {
  address?: string
  port?: number
}

interface Handle {
  fd?: number
  reading?: boolean
  bytesWritten?: number
  writeQueueSize?: number
  readStart?(): number
  readStop?(): number
  getsockname?(out: NodeEndpoint): number
  getpeername?(out: NodeEndpoint): number
}

function handleOf(owner: Server | Socket): Handle | null {
  return (owner as unknown as { _handle: Handle | null })._handle
}

/** The file descriptor, or -1. */
export function descriptor(owner: Server | Socket): number {
  return handleOf(owner)?.fd ?? -1
}

/** The kernel's number of the socket; 0 once it is closed: its descriptor may be another socket's by then. */
export function inodeOf(socket: Socket): number {
  const fd = descriptor(socket)
  return fd < 0 ? 0 : fstatSync(fd).ino
}

/** How many of the written bytes the kernel has taken; null once the socket is closed. A stream counts only whole writes. */
export function takenOf(socket: Socket): number | null {
  const handle = handleOf(socket)
  return handle === null ? null : (handle.bytesWritten ?? 0) - (handle.writeQueueSize ?? 0)
}

/**
 * Leaves incoming bytes in the kernel's receive queue. `socket.pause()` alone keeps reading until the stream's buffer
 * has 64 KiB, and until then no window fills.
 */
export function stopReading(socket: Socket): void {
  socket.pause()
  const handle = handleOf(socket)
  if (handle === null) return
  handle.reading = false
  handle.readStop?.()
}

/** Call before `resume()`: Node considers a waiting stream to be reading already, and would not start it. */
export function startReading(socket: Socket): void {
  const handle = handleOf(socket)
  if (handle === null || handle.reading === true) return
  handle.reading = true
  handle.readStart?.()
}

/** False when the kernel no longer has a peer for the socket: it was reset, or both sides sent FIN (getpeername(2)). */
export function isConnected(socket: Socket): boolean {
  return handleOf(socket)?.getpeername?.({}) === 0
}

/**
 * The two ends of a connection, in plain addresses. `socket.remoteAddress` would keep two objects and two strings for each
 * socket. If the client has already reset the connection, it has no endpoint (getpeername(2), ENOTCONN), and the unspecified
 * address takes its place.
 */
export function endsOf(socket: Socket): { localAddress: string; remoteAddress: string; remotePort: number } {
  const handle = handleOf(socket)
  const local: NodeEndpoint = {}
  const remote: NodeEndpoint = {}
  handle?.getsockname?.(local)
  handle?.getpeername?.(remote)
  const localAddress = addresses.get(local.address ?? '0.0.0.0')
  const remoteAddress = remote.address === undefined ? unspecifiedLike(localAddress) : addresses.get(remote.address)
  return { localAddress, remoteAddress, remotePort: remote.port ?? 0 }
}

/** Thousands of connections share a few addresses. */
const addresses = new Cache(1_000, plainAddress)
