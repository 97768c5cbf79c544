import { createServer, type DropArgument, type Server } from 'node:net'
import { plainAddress, unspecifiedLike } from '../../shared/endpoint.ts'
import { descriptorLimit } from '../descriptors.ts'
import { ConnectedSocket, type ListenerContext } from './connected-socket.ts'
import type { FromListener, ListenerOptions } from './messages.ts'
import { descriptor } from './handle.ts'
import type { Ids } from './ids.ts'
import { connectionLimit } from './limits.ts'

/** Without a failure for this long, accept() counts as working again. Milliseconds. */
const FAULT_MS = 1_000

/**
 * With this many bytes that the kernel has not accepted, a connection waits for room. It is less than the largest segment of the
 * loopback interface (65,483 bytes), or two of them would wait for each client that never reads.
 */
const WAITING = 16 * 1024

/** Duplicates a descriptor of this process (dup(2)). */
export type Duplicate = (fd: number) => number

/** Calls accept() on the listening socket, or stops calling it while the kernel keeps queueing newcomers. */
export class Acceptor {
  readonly #options: ListenerOptions
  readonly #ids: Ids
  readonly #context: ListenerContext
  readonly #send: (message: FromListener) => void
  readonly #descriptors = descriptorLimit()
  readonly #maxConnections: number
  #server: Server | null = null
  #fd: number | null
  #fault: NodeJS.Timeout | null = null

  constructor(options: ListenerOptions, ids: Ids, context: ListenerContext, send: (message: FromListener) => void) {
    this.#options = options
    this.#ids = ids
    this.#context = context
    this.#send = send
    this.#maxConnections = connectionLimit(options.maxConnections, this.#descriptors)
    this.#fd = options.fd
  }

  /** Starts accepting, or keeps accepting; `listening` is sent next. */
  start(): void {
    if (this.#server !== null) return this.#listening(this.#server)
    const { host, port, backlog, keepaliveMs } = this.#options
    // A client that has vanished answers no probe: ETIMEDOUT (KEEPALIVE). Without probes, a connection on which nothing
    // is sent would stay open for ever. From an inherited listening socket, connected sockets inherit them.
    const server = createServer({
      allowHalfOpen: true,
      highWaterMark: WAITING,
      keepAlive: this.#options.fd === null && keepaliveMs > 0,
      keepAliveInitialDelay: keepaliveMs,
    })
    this.#server = server
    // Returning 0 makes Node drop the socket before allocating it. A static limit would be per `Server`, and
    // pause/resume creates a new one.
    Object.defineProperty(server, 'maxConnections', { get: () => (this.#full ? 0 : Infinity) })
    server.on('connection', (socket) => void new ConnectedSocket(this.#ids.take(), socket, this.#context))
    server.on('drop', (drop) => this.#refuse(drop))
    server.on('error', (error: NodeJS.ErrnoException) => this.#fail(error))
    server.on('listening', () => this.#listening(server))
    // listen(2) runs once more on an inherited descriptor: the queue survives, and the limit is set again.
    // For a descriptor, Node takes the backlog from the second argument only.
    if (this.#fd === null) server.listen({ host, port, backlog })
    else server.listen({ fd: this.#fd }, backlog)
  }

  /** Node cannot listen without accepting, so this closes Node's descriptor and keeps a copy. Accepted connections stay open. */
  pause(duplicate: Duplicate): void {
    if (this.#server !== null) {
      this.#fd = duplicate(descriptor(this.#server))
      this.stop()
    }
    if (this.#fd !== null) this.#send({ type: 'paused', fd: this.#fd })
  }

  /** Closes the listening descriptor. */
  stop(): void {
    this.#server?.close()
    this.#server = null
  }

  get #full(): boolean {
    return this.#context.outbox.behind || this.#context.live.size >= this.#maxConnections
  }

  #listening(server: Server): void {
    const address = server.address()
    if (address === null || typeof address === 'string') return
    this.#context.localPort = address.port
    this.#send({
      type: 'listening',
      fd: descriptor(server),
      address: address.address,
      port: address.port,
      maxConnections: this.#maxConnections,
      descriptorLimit: this.#descriptors,
    })
  }

  #refuse(drop: DropArgument | undefined): void {
    const { outbox } = this.#context
    const local = plainAddress(drop?.localAddress ?? '0.0.0.0')
    const remote = plainAddress(drop?.remoteAddress ?? unspecifiedLike(local))
    outbox.refuse(outbox.behind ? 'behind' : 'max-connections', local, remote, drop?.remotePort ?? 0)
  }

  /** A failing accept(2) is retried as long as a client waits. Report the failure once, and report when it ends. */
  #fail(error: NodeJS.ErrnoException): void {
    if (this.#fault !== null) return void this.#fault.refresh()
    this.#send({ type: 'fault', code: error.code ?? 'UNKNOWN', message: `accept() failed: ${error.message}` })
    this.#fault = setTimeout(() => {
      this.#fault = null
      if (this.#server?.listening === true) this.#send({ type: 'fault', code: null, message: '' })
    }, FAULT_MS)
  }
}
