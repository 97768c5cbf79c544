import type { Socket } from 'node:net'
import type { CloseBy, Protocol } from '../../shared/connection.ts'
import { plainAddress, unspecifiedLike } from '../../shared/endpoint.ts'
import type { Direction } from '../../shared/payload.ts'
import type { PayloadPart } from './asks.ts'
import type { Behaves } from './behaviors.ts'
import type { Capture } from './capture.ts'
import { Ending } from './ending.ts'
import type { ClosedFact, OpenedFact, ProgressFact } from './facts.ts'
import type { Greeting } from './greeting.ts'
import { guess, GUESS_BYTES } from './guess.ts'
import { descriptor, isConnected } from './handle.ts'
import type { Outbox } from './outbox.ts'
import type { Payloads } from './payloads.ts'
import { Reading } from './reading.ts'
import { listenTo, listenToFinish } from './socket-events.ts'
import type { ResetPoller } from './reset-poller.ts'

/** What all connections of a listener share. */
export interface ListenerContext {
  behavior: Behaves
  /** For newcomers; null: none. */
  greeting: Greeting | null
  idleTimeoutMs: number
  localPort: number
  outbox: Outbox
  /** Null: no bytes are captured. */
  payloads: Payloads | null
  live: Map<number, ConnectedSocket>
  resetPoller: ResetPoller
}

/** One connected socket and what is known of it. The only place where a net.Socket's events become facts. */
export class ConnectedSocket {
  readonly id: number
  readonly socket: Socket
  readonly context: ListenerContext
  // The outbox's marks: whether it has told of this connection, and whether it will.
  reported = false
  dirty = false

  readonly #fd: number
  readonly #openedAt: number
  readonly #localAddress: string
  readonly #remoteAddress: string
  readonly #remotePort: number
  #lastActivityAt: number
  #reading: Reading | null = null
  /** Of its bytes, where they are more than a few. */
  #capture: Capture | null = null
  #protocol: Protocol | null = null
  #guessing = true
  /** The client's first bytes, while they could be one thing or another. */
  #beginning: Buffer | null = null
  /** What wrote the greeting, and of how many other connections it told, until it is kept: with both it can be written again. */
  #greeting: Greeting | null = null
  #others = 0
  #bytesIn = 0
  #written = 0
  #sent = 0
  #chunksIn = 0
  #chunksOut = 0
  #chunksSent = 0
  #ending: Ending | null = null

  constructor(id: number, socket: Socket, context: ListenerContext) {
    this.id = id
    this.socket = socket
    this.context = context
    this.#openedAt = this.#lastActivityAt = Date.now()
    this.#fd = descriptor(socket)
    // Copied now: Node forgets both once the socket is destroyed. A client that has already reset the connection has
    // no endpoint any more (getpeername(2), ENOTCONN): the unspecified address stands for it.
    this.#localAddress = plainAddress(socket.localAddress ?? '0.0.0.0')
    const remote = socket.remoteAddress
    this.#remoteAddress = remote === undefined ? unspecifiedLike(this.#localAddress) : plainAddress(remote)
    this.#remotePort = socket.remotePort ?? 0
    context.live.set(id, this)
    context.outbox.mark(this)
    listenTo(socket, this)
    if (context.greeting !== null) {
      this.#greeting = context.greeting
      this.#others = context.live.size - 1
      this.#put(this.#greet(context.greeting))
    }
    context.behavior.opened(this)
  }

  /** Writes, counts and captures one chunk, which must not be changed any more; false when the caller should wait for room. */
  write(chunk: Buffer): boolean {
    // After our FIN nothing can be sent; what still arrives is read and dropped.
    if (!this.socket.writable) return true
    const room = this.#put(chunk)
    this.#keep('out', chunk)
    return room
  }

  /** Bytes written that the kernel has not taken yet. */
  get waiting(): number {
    return this.socket.writableLength
  }

  /** Nothing can be written any more: our FIN has been sent, or follows what still waits. */
  get finishing(): boolean {
    return this.socket.writableEnded
  }

  /** shutdown(2) of our direction: FIN after what is still to be sent. The client may go on sending, and is read. */
  halfClose(by: CloseBy): void {
    this.#end.begin(by)
    if (!this.finishing) this.#sendFin()
  }

  /** close(2): FIN after what is still to be sent, and what the client sends from then on is nobody's. */
  close(by: CloseBy): void {
    this.halfClose(by)
    this.#end.closing = true
    if (this.socket.writableFinished) this.socket.destroy()
  }

  /** The client has sent FIN: ours follows what is still to be sent. */
  answerFin(): void {
    // With nothing left to send, close(2) sends the FIN itself and shutdown(2) would be a needless call.
    if (this.socket.writableLength === 0) this.socket.destroy()
    else if (!this.finishing) this.#sendFin()
  }

  reset(by: CloseBy): void {
    this.#end.begin(by, 'reset')
    // While shutdown(2) is under way libuv refuses to reset (EINVAL), and the socket would be left open for good.
    const shuttingDown = this.finishing && !this.socket.writableFinished && this.waiting === 0
    if (!shuttingDown) this.socket.resetAndDestroy()
  }

  /** Stops or restarts reading by hand. */
  pauseReading(paused: boolean): void {
    if (this.#readingPaused === paused) return
    this.context.outbox.mark(this)
    if (paused) {
      this.#read.pause()
      this.context.resetPoller.add(this)
    } else {
      this.#read.resume()
      if (!this.#halfClosed) this.context.resetPoller.delete(this)
    }
  }

  /** Reads no more until there is room in the send queue. */
  waitForRoom(): void {
    this.#read.waitForRoom()
  }

  roomAgain(): void {
    this.#reading?.roomAgain()
  }

  /** Finds out whether the connection is over without anybody having heard of it. */
  look(): void {
    if (isConnected(this.socket)) return
    if (!this.#halfClosed) {
      // Reading brings what is left, and how it ended.
      this.#read.resume()
    } else {
      // After the client's FIN reading would only tell of that again; a write would fail with EPIPE.
      this.onError('EPIPE')
      this.socket.destroy()
    }
  }

  /** What is kept of its bytes, after chunk number `after`. */
  payload(after: number, maxBytes: number): PayloadPart | null {
    this.#keepGreeting()
    const totals = { in: this.#bytesIn, out: this.#written }
    return this.context.payloads?.read(this.id, totals, after, maxBytes) ?? null
  }

  get closed(): boolean {
    return this.#ending !== null && this.#ending.closedAt !== null
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
      this.#ending?.halfClosedAt ?? null,
      this.#ending?.finSentAt ?? null,
      this.#readingPaused,
      this.#protocol,
    ]
  }

  /** Only once `closed`. */
  get closedFact(): ClosedFact {
    return this.#end.fact(this.id)
  }

  onData(chunk: Buffer): void {
    this.#bytesIn += chunk.length
    this.#chunksIn++
    this.#touch()
    this.#keep('in', chunk)
    if (this.#guessing) this.#guess(chunk)
    this.context.behavior.data(this, chunk)
  }

  onDrain(): void {
    this.#touch()
    this.#measure()
    this.context.behavior.drained(this)
  }

  onEnd(): void {
    this.#end.begin('peer')
    this.#end.halfClosedAt = Date.now()
    this.#touch()
    this.context.behavior.ended(this)
    if (!this.socket.destroyed) this.context.resetPoller.add(this)
  }

  /** Our FIN has been sent. */
  onFinish(): void {
    this.#end.finSentAt = Date.now()
    this.#touch()
    if (this.#end.resets) this.socket.resetAndDestroy()
    else if (this.#end.closing) this.socket.destroy()
  }

  onError(code: string): void {
    this.#end.fail(code)
  }

  onTimeout(): void {
    this.#end.begin('server', 'timeout')
    this.socket.destroy()
  }

  onClose(): void {
    this.#end.closedAt = Date.now()
    this.context.live.delete(this.id)
    this.context.resetPoller.delete(this)
    this.context.outbox.mark(this)
    this.#keepGreeting()
    if (this.#capture !== null) this.context.payloads?.end(this.#capture)
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
    this.context.outbox.mark(this)
  }

  #put(chunk: Buffer): boolean {
    this.#written += chunk.length
    this.#chunksOut++
    this.#touch()
    const room = this.socket.write(chunk)
    this.#measure()
    return room
  }

  get #end(): Ending {
    return (this.#ending ??= new Ending())
  }

  get #read(): Reading {
    return (this.#reading ??= new Reading(this.socket))
  }

  get #readingPaused(): boolean {
    return this.#reading !== null && this.#reading.paused
  }

  get #halfClosed(): boolean {
    return this.#ending !== null && this.#ending.halfClosedAt !== null
  }

  /** Keeps the newest chunk, which the counts have in them already. */
  #keep(direction: Direction, chunk: Buffer): void {
    const { payloads } = this.context
    if (payloads === null) return
    this.#keepGreeting()
    const n = this.#chunksIn + this.#chunksOut
    const bytesIn = direction === 'in' ? this.#bytesIn - chunk.length : this.#bytesIn
    const bytesOut = direction === 'out' ? this.#written - chunk.length : this.#written
    const at = this.#lastActivityAt
    this.#capture = payloads.keep(this.#capture, this.id, n, at, direction, chunk, bytesIn, bytesOut)
  }

  /** The first chunk, if there was a greeting: most of a crowd never say a word, so it is written again when it is needed. */
  #keepGreeting(): void {
    const { payloads } = this.context
    if (payloads === null || this.#greeting === null) return
    this.#capture = payloads.keep(null, this.id, 1, this.#openedAt, 'out', this.#greet(this.#greeting), 0, 0)
    this.#greeting = null
  }

  #guess(chunk: Buffer): void {
    const beginning = this.#beginning === null ? chunk : Buffer.concat([this.#beginning, chunk])
    const { protocol, more } = guess(beginning.subarray(0, GUESS_BYTES))
    this.#protocol = protocol
    this.#guessing = more && beginning.length < GUESS_BYTES
    this.#beginning = this.#guessing ? beginning : null
  }

  #sendFin(): void {
    listenToFinish(this.socket)
    this.socket.end()
    // No `drain` comes any more, and what the client still sends must be read, or its FIN would never be seen.
    this.roomAgain()
  }

  #greet(greeting: Greeting): Buffer {
    const remote = { address: this.#remoteAddress, port: this.#remotePort }
    const local = { address: this.#localAddress, port: this.context.localPort }
    return greeting(this.id, local, remote, this.#others)
  }
}
