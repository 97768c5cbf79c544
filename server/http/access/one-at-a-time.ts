import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Requests that may wait behind the one under way on their socket. One more closes the socket. */
export const WAITING_MAX = 8

type Exchange = [request: IncomingMessage, response: ServerResponse]

/** By socket, while a request is under way: those that wait behind it. */
const waiting = new WeakMap<Duplex, Exchange[]>()

/** Whether a request of this socket is under way. */
export function isAnswering(socket: Duplex): boolean {
  return waiting.has(socket)
}

/**
 * For http.createServer: answers the requests of each socket one after the other. Node starts all requests of a client that
 * sends many at once (pipelining): two thousand in 64 KiB, all in one turn of the event loop.
 */
export function oneAtATime(answer: RequestListener): RequestListener {
  const begin = ([request, response]: Exchange): void => {
    response.once('close', () => proceed(request.socket))
    answer(request, response)
  }
  const proceed = (socket: Duplex): void => {
    // Not writable after an answer with `connection: close`.
    const next = socket.writable ? waiting.get(socket)?.shift() : undefined
    if (next === undefined) waiting.delete(socket)
    else begin(next)
  }
  return (request, response) => {
    const { socket } = request
    // The rest of what Node has read before the socket was closed.
    if (!socket.writable) return
    const queue = waiting.get(socket)
    if (queue === undefined) {
      waiting.set(socket, [])
      begin([request, response])
    } else if (queue.length < WAITING_MAX) queue.push([request, response])
    else {
      ignoreRest(socket)
      socket.destroy()
    }
  }
}

/**
 * Makes Node drop the requests that are left in what it has read. Each would become a response, and then an error with its stack:
 * three quarters of what a rejected request costs. There is no documented way to stop a socket's parser.
 */
function ignoreRest(socket: Duplex & { parser?: { onIncoming?: unknown } | null }): void {
  if (typeof socket.parser?.onIncoming === 'function') socket.parser.onIncoming = () => 0
}
