import type { Socket } from 'node:net'
import type { CloseBy, CloseHow } from '../../shared/connection.ts'
import { plainAddress, unspecifiedLike } from '../../shared/endpoint.ts'
import type { Behaves } from './behaviors.ts'
import type { ClosedFact, OpenedFact, ProgressFact } from './facts.ts'
import { greeting } from './greeting.ts'
import type { Outbox } from './outbox.ts'

/** What all connections of a listener share; `live` counts them. */
export interface Port {
  behavior: Behaves
  greeting: boolean
  idleTimeoutMs: number
  localPort: number
  outbox: Outbox
  live: Set<ConnectedSocket>
}

type Tracked = Socket & { [CONNECTION]: ConnectedSocket }

const CONNECTION = Symbol('connection')

/** One connected socket and what is known of it. The only place where a net.Socket's events become facts. */
export class ConnectedSocket {
  readonly id: number
  readonly socket: Socket
  readonly port: Port
  // The outbox's marks: whether it has told of this connection, and whether it will.
  reported = false
  dirty = false

  readonly #fd: number
  readonly #openedAt: number
  readonly #localAddress: string
  readonly #remoteAddress: string
  readonly #remotePort: number
  #lastActivityAt: number
  #halfClosedAt: number | null = null
  #bytesIn = 0
  #written = 0
  #sent = 0
  #chunksIn = 0
  #chunksOut = 0
  #chunksSent = 0
  #by: CloseBy | null = null
  #how: CloseHow = 'fin'
  #code: string | null = null
  #closedAt: number | null = null

  constructor(id: number, socket: Socket, port: Port) {
    this.id = id
    this.socket = socket
    this.port = port
    this.#openedAt = this.#lastActivityAt = Date.now()
    this.#fd = descriptor(socket)
    // Copied now: Node forgets both once the socket is destroyed. A client that has already reset the connection has
    // no endpoint any more (getpeername(2), ENOTCONN): the unspecified address stands for it.
    this.#localAddress = plainAddress(socket.localAddress ?? '0.0.0.0')
    const remote = socket.remoteAddress
    this.#remoteAddress = remote === undefined ? unspecifiedLike(this.#localAddress) : plainAddress(remote)
    this.#remotePort = socket.remotePort ?? 0
    port.live.add(this)
    port.outbox.mark(this)

    const tracked = socket as Tracked
    tracked[CONNECTION] = this
    tracked.on('data', socketOnData)
    tracked.on('drain', socketOnDrain)
    tracked.on('end', socketOnEnd)
    tracked.on('error', socketOnError)
    tracked.on('close', socketOnClose)
    if (port.idleTimeoutMs > 0) tracked.setTimeout(port.idleTimeoutMs, socketOnTimeout)
    if (port.greeting) this.#greet()
    port.behavior.opened(this)
  }

  /** Writes and counts one chunk; false when the caller should wait for room. */
  write(chunk: Buffer): boolean {
    // After our FIN nothing can be sent; what still arrives is read and dropped.
    if (!this.socket.writable) return true
    this.#written += chunk.length
    this.#chunksOut++
    this.#touch()
    const room = this.socket.write(chunk)
    this.#measure()
    return room
  }

  /** Sends FIN after what is still to be sent. */
  finish(by: CloseBy): void {
    this.#by ??= by
    this.socket.end()
    // What the client still sends must be read, or its FIN would never be seen.
    this.socket.resume()
  }

  /** The client has sent FIN: ours follows what is still to be sent. */
  answerFin(): void {
    // With nothing left to send, close(2) sends the FIN itself and shutdown(2) would be a needless call.
    if (this.socket.writableLength === 0) this.socket.destroy()
    else this.socket.end()
  }

  reset(by: CloseBy): void {
    this.#by ??= by
    this.#how = 'reset'
    this.socket.resetAndDestroy()
  }

  get closed(): boolean {
    return this.#closedAt !== null
  }

  get openedFact(): OpenedFact {
    return [this.id, this.#fd, this.#openedAt, this.#localAddress, this.#remoteAddress, this.#remotePort]
  }

  get progressFact(): ProgressFact {
    this.#measure()
    return [
      this.id,
      this.#lastActivityAt,
      this.#bytesIn,
      this.#sent,
      this.#chunksIn,
      this.#chunksSent,
      this.#halfClosedAt,
      null,
      false,
      null,
    ]
  }

  /** Only once `closed`. */
  get closedFact(): ClosedFact {
    return [this.id, this.#closedAt ?? 0, this.#by ?? 'system', this.#how, this.#code]
  }

  onData(chunk: Buffer): void {
    this.#bytesIn += chunk.length
    this.#chunksIn++
    this.#touch()
    this.port.behavior.data(this, chunk)
  }

  onDrain(): void {
    this.#touch()
    this.#measure()
    this.port.behavior.drained(this)
  }

  onEnd(): void {
    this.#by ??= 'peer'
    this.#halfClosedAt = Date.now()
    this.#touch()
    this.port.behavior.ended(this)
  }

  onError(code: string): void {
    this.#code = code
    if (code === 'ECONNRESET' || code === 'EPIPE') {
      this.#by ??= 'peer'
      this.#how = 'reset'
    } else {
      this.#by ??= 'system'
      this.#how = code === 'ETIMEDOUT' ? 'timeout' : 'error'
    }
  }

  onTimeout(): void {
    this.#by ??= 'server'
    this.#how = 'timeout'
    this.socket.destroy()
  }

  onClose(): void {
    this.#closedAt = Date.now()
    this.port.live.delete(this)
    this.port.outbox.mark(this)
  }

  /** Bytes out are those the kernel has taken; the rest waits in the stream's buffer. */
  #measure(): void {
    const { socket } = this
    // A socket that breaks empties its buffer: what was in it must not count as sent.
    if (socket.writableFinished || !(socket.destroyed || socket.errored)) {
      this.#sent = this.#written - socket.writableLength
      if (socket.writableLength === 0) this.#chunksSent = this.#chunksOut
    }
  }

  #touch(): void {
    this.#lastActivityAt = Date.now()
    this.port.outbox.mark(this)
  }

  #greet(): void {
    const remote = { address: this.#remoteAddress, port: this.#remotePort }
    const local = { address: this.#localAddress, port: this.port.localPort }
    this.write(greeting(this.id, local, remote, this.port.live.size - 1))
  }
}

// Named and shared by all sockets: a closure each would cost a flood dearly.

function socketOnData(this: Tracked, chunk: Buffer): void {
  this[CONNECTION].onData(chunk)
}

function socketOnDrain(this: Tracked): void {
  this[CONNECTION].onDrain()
}

function socketOnEnd(this: Tracked): void {
  this[CONNECTION].onEnd()
}

function socketOnError(this: Tracked, error: NodeJS.ErrnoException): void {
  this[CONNECTION].onError(error.code ?? 'UNKNOWN')
}

function socketOnTimeout(this: Tracked): void {
  this[CONNECTION].onTimeout()
}

function socketOnClose(this: Tracked): void {
  this[CONNECTION].onClose()
}

/** Node has no public name for a socket's descriptor. */
function descriptor(socket: Socket): number {
  const { _handle } = socket as unknown as { _handle: { fd?: number } | null }
  return _handle?.fd ?? -1
}
