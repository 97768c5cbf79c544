import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { descriptorLimit } from '../../descriptors.ts'
import { isAnswering } from './one-at-a-time.ts'

/** Sockets beyond those of the readers: the requests of their pages, downloads, scripts. */
const SOCKETS_FOR_REQUESTS = 88
/** Descriptors reserved for everything else, including the start of another listener process. */
const RESERVED_DESCRIPTORS = 48

/** An answer that its client has not taken a byte of for this time, or up to twice as long, is broken off. Milliseconds. */
const UNREAD_MS = 10_000

/** @param readers the limit of readers, each of which keeps a socket */
export function limitSockets(server: Server, readers: number, unreadMs = UNREAD_MS): void {
  const wanted = readers + SOCKETS_FOR_REQUESTS
  const max = Math.max(8, Math.min(wanted, (descriptorLimit() ?? Infinity) - RESERVED_DESCRIPTORS))
  const sockets = new Sockets(max)
  // One more, which replaces another at once. Node drops any further one before it costs anything.
  server.maxConnections = max + 1
  server.on('connection', (socket) => sockets.add(socket))
  server.on('upgrade', ({ socket }) => sockets.upgraded(socket))
  breakOffUnread(server, unreadMs)
}

/**
 * Closes sockets whose client has stopped reading. Node's timeout starts again whenever the kernel has taken a part of the answer.
 * Streams turn it off for their own socket: /api/events, and ws for WebSockets.
 */
function breakOffUnread(server: Server, ms: number): void {
  server.timeout = ms
  server.on('timeout', (socket) => {
    // With nothing to write, either the answer is not ready yet, or the socket has been idle for its keep-alive time.
    if (socket.writableLength > 0 || !isAnswering(socket)) socket.destroy()
  })
}

interface Held {
  address: string
  /** A WebSocket is busy until it closes. */
  upgraded: boolean
}

/**
 * Limits the sockets on the dashboard's port, so that clients cannot use up this process's descriptors. At the limit a
 * new socket is not refused, because that would let one address keep everybody else out. It replaces an idle or silent
 * one, of the address that has the most. If all are busy, it replaces one of an address that has more than its own.
 */
class Sockets {
  readonly #max: number
  /** In the order of their arrival. */
  readonly #held = new Map<Socket, Held>()
  readonly #counts = new Map<string, number>()

  constructor(max: number) {
    this.#max = max
  }

  add(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    this.#held.set(socket, { address, upgraded: false })
    this.#counts.set(address, this.#count(address) + 1)
    socket.once('close', () => this.#forget(socket))
    if (this.#held.size <= this.#max) return
    const replaced = this.#replaceable(socket, address)
    this.#forget(replaced)
    replaced.destroy()
  }

  /** Chooses the oldest socket of the address that has the most. @returns `added` itself if none has to give way */
  #replaceable(added: Socket, address: string): Socket {
    const others = [...this.#held].filter(([socket]) => socket !== added)
    const waiting = others.filter(([socket, { upgraded }]) => !upgraded && !isAnswering(socket))
    const greedy = others.filter(([, held]) => this.#count(held.address) > this.#count(address))
    let chosen: [socket: Socket, count: number] = [added, 0]
    for (const [socket, held] of waiting.length > 0 ? waiting : greedy) {
      const count = this.#count(held.address)
      if (count > chosen[1]) chosen = [socket, count]
    }
    return chosen[0]
  }

  upgraded(socket: Socket): void {
    const held = this.#held.get(socket)
    if (held !== undefined) held.upgraded = true
  }

  #count(address: string): number {
    return this.#counts.get(address) ?? 0
  }

  #forget(socket: Socket): void {
    const held = this.#held.get(socket)
    if (held === undefined) return
    this.#held.delete(socket)
    const count = this.#count(held.address) - 1
    if (count === 0) this.#counts.delete(held.address)
    else this.#counts.set(held.address, count)
  }
}
