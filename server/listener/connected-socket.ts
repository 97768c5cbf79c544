import type { Socket } from 'node:net'
import type { CloseBy, Protocol } from '../../shared/connection.ts'
import type { Direction } from '../../shared/payload.ts'
import { packProgress } from '../../shared/record.ts'
import { clock } from '../clock.ts'
import type { PayloadPart } from './asks.ts'
import type { Behaves } from './behaviors.ts'
import type { Capture } from './capture.ts'
import { Ending } from './ending.ts'
import type { ClosedFact, OpenedFact, ProgressFact } from './messages.ts'
import type { Greeting } from './greeting.ts'
import { guess, GUESS_BYTES } from './guess.ts'
import { descriptor, endsOf, inodeOf, isConnected } from './handle.ts'
import type { Outbox } from './outbox.ts'
import type { Payloads } from './payloads.ts'
import { Reading } from './reading.ts'
import { listenTo, listenToFinish } from './socket-events.ts'
import type { ResetPoller } from './reset-poller.ts'

const NOTHING = Buffer.alloc(0)

/** State shared by all connections of a listener. */
export interface ListenerContext {
  /** The port's; a connection may have one of its own. */
  behavior: Behaves
  /** The greeting for new connections; null: none. */
  greeting: Greeting | null
  idleTimeoutMs: number
  localPort: number
  outbox: Outbox
  /** Null: no bytes are captured. */
  payloads: Payloads | null
  live: Map<number, ConnectedSocket>
  resetPoller: ResetPoller
}

/** One connected socket and its facts. Only this class turns a net.Socket's events into facts. */
export class ConnectedSocket {
  readonly id: number
  readonly socket: Socket
  readonly context: ListenerContext
  // Used by the outbox: whether the connection has been reported, and whether the next batch includes it.
  reported = false
  dirty = false

  readonly #fd: number
  readonly #openedAt: number
  readonly #localAddress: string
  readonly #remoteAddress: string
  readonly #remotePort: number
  #lastActivityAt: number
  #reading: Reading | null = null
  /** The behavior chosen for this connection. */
  #ownBehavior: Behaves | null = null
  /** What the behavior does in the next turn of the event loop. */
  #turn: NodeJS.Immediate | undefined
  /** The connection's own capture, once it has more than a few short chunks. */
  #capture: Capture | null = null
  #protocol: Protocol | null = null
  #guessing = true
  /** The client's first bytes, until the protocol is decided. */
  #beginning: Buffer | null = null
  /** The greeting's writer and the count it was given, until the greeting is captured. Both together reproduce the same bytes. */
  #greeting: Greeting | null = null
  #others = 0
  #bytesIn = 0
  #written = 0
  #sent = 0
  #chunksIn = 0
  #chunksOut = 0
  #chunksSent = 0
  #measuring = false
  #ending: Ending | null = null

  constructor(id: number, socket: Socket, context: ListenerContext) {
    this.id = id
    this.socket = socket
    this.context = context
    this.#openedAt = this.#lastActivityAt = clock.steady()
    this.#fd = descriptor(socket)
    // Now, because a destroyed socket has no ends.
    const ends = endsOf(socket)
    this.#localAddress = ends.localAddress
    this.#remoteAddress = ends.remoteAddress
    this.#remotePort = ends.remotePort
    context.live.set(id, this)
    context.outbox.mark(this)
    listenTo(socket, this, context.idleTimeoutMs)
    if (context.greeting !== null) {
      this.#greeting = context.greeting
      this.#others = context.live.size - 1
      this.#put(this.#greet(context.greeting))
    }
    this.#behavior.opened(this)
  }

  /**
   * Writes, counts and captures one chunk; the caller must not modify it afterwards. Returns false when the caller
   * should wait for `drain`.
   */
  write(chunk: Buffer): boolean {
    // After our FIN nothing can be sent. Bytes that still arrive are read and dropped.
    if (!this.socket.writable) return true
    const room = this.#put(chunk)
    this.#keep('out', chunk)
    return room
  }

  /** Bytes written to the stream that the kernel has not accepted yet. */
  get waiting(): number {
    return this.socket.writableLength
  }

  /** True once our direction is closed, or will be closed after the pending bytes. */
  get finishing(): boolean {
    return this.socket.writableEnded
  }

  /** shutdown(2) of our direction: FIN after all pending bytes. The client may keep sending, and we keep reading. */
  halfClose(by: CloseBy): void {
    if (this.look()) return
    this.#end.begin(by)
    if (!this.finishing) this.#sendFin()
  }

  /** close(2): FIN after all pending bytes. Nobody reads what the client sends after that. */
  close(by: CloseBy): void {
    if (this.look()) return
    this.halfClose(by)
    this.#end.closing = true
    if (this.socket.writableFinished) this.#closeSent()
  }

  /** The client has sent FIN; ours follows after all pending bytes. */
  answerFin(): void {
    // With nothing pending, close(2) sends the FIN itself, so shutdown(2) would be a wasted call.
    if (this.socket.writableLength === 0) this.socket.destroy()
    else if (!this.finishing) this.#sendFin()
  }

  /** RST: what waits in either direction is lost. */
  reset(): void {
    if (this.look()) return
    // libuv refuses to reset (EINVAL) while shutdown(2) is in progress, and the socket would never be closed.
    const shuttingDown = this.finishing && !this.socket.writableFinished && this.waiting === 0
    this.#end.reset(shuttingDown)
    if (!shuttingDown) this.socket.resetAndDestroy()
  }

  /** Stops or resumes reading on a user's request. */
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

  /** Serves the connection by a behavior of its own from now on; null: by the port's. */
  behave(own: Behaves | null): void {
    this.#ownBehavior = own
    this.context.outbox.mark(this)
    this.#serve()
  }

  /** The port's behavior has changed. */
  followPort(): void {
    if (this.#ownBehavior === null) this.#serve()
  }

  /** Runs `step` in the next turn of the event loop, unless another behavior serves the connection by then. */
  later(step: (connection: ConnectedSocket) => void): void {
    clearImmediate(this.#turn)
    this.#turn = setImmediate(step, this)
  }

  /** Bytes wait, and `drained` will follow. */
  get full(): boolean {
    return this.waiting > 0 && this.socket.writableNeedDrain
  }

  /** Stops reading until the send queue has room. */
  waitForRoom(): void {
    this.#read.waitForRoom()
  }

  roomAgain(): void {
    this.#reading?.roomAgain()
  }

  /** Checks whether the connection has ended without an event. @returns true if it has; the event follows */
  look(): boolean {
    if (this.socket.destroyed) return true
    if (isConnected(this.socket)) return false
    if (!this.#halfClosed) {
      // Reading delivers the remaining bytes and the reason for the end.
      this.#read.resume()
    } else {
      // After the client's FIN, reading would only report that FIN again. A write fails with EPIPE.
      if (!this.socket.writableFinished) this.onError('EPIPE')
      this.socket.destroy()
    }
    return true
  }

  /** Captured bytes after chunk number `after`. */
  payload(after: number, maxBytes: number): PayloadPart | null {
    this.#keepGreeting()
    const totals = { in: this.#bytesIn, out: this.#written }
    return this.context.payloads?.read(this.id, totals, after, maxBytes) ?? null
  }

  /** The greeting while it is not captured, for a search: capturing that of every connection would push out other bytes. */
  get pendingGreeting(): Buffer | null {
    return this.#greeting === null ? null : this.#greet(this.#greeting)
  }

  get closed(): boolean {
    return this.#ending !== null && this.#ending.closedAt !== null
  }

  get openedFact(): OpenedFact {
    const inode = inodeOf(this.socket)
    return [this.id, this.#fd, this.#openedAt, this.#localAddress, this.#remoteAddress, this.#remotePort, inode]
  }

  get progressFact(): ProgressFact {
    this.#measure()
    const progress = packProgress({
      bytesIn: this.#bytesIn,
      bytesOut: this.#sent,
      chunksIn: this.#chunksIn,
      chunksOut: this.#chunksSent,
      halfClosedAt: this.#ending?.halfClosedAt ?? null,
      finSentAt: this.#ending?.finSentAt ?? null,
      readingPaused: this.#readingPaused,
      behavior: this.#ownBehavior?.name ?? null,
      protocol: this.#protocol,
    })
    return [this.id, this.#lastActivityAt, progress]
  }

  /** Valid only once `closed`. */
  get closedFact(): ClosedFact {
    return this.#end.fact(this.id)
  }

  onData(chunk: Buffer): void {
    this.#bytesIn += chunk.length
    this.#chunksIn++
    this.#touch()
    this.#keep('in', chunk)
    if (this.#guessing) this.#guess(chunk)
    this.#behavior.data(this, chunk)
  }

  onDrain(): void {
    this.#touch()
    this.#measure()
    this.#behavior.drained(this)
  }

  onEnd(): void {
    this.#end.begin('peer')
    this.#end.halfClosedAt = clock.steady()
    // It was gone before accept(2): RST came after the FIN.
    if (this.#remotePort === 0) this.#end.resetByPeer()
    this.#touch()
    this.#behavior.ended(this)
    if (!this.socket.destroyed) this.context.resetPoller.add(this)
  }

  /** Our FIN has been sent. */
  onFinish(): void {
    this.#end.finSentAt = clock.steady()
    this.#touch()
    if (this.#end.resets) this.socket.resetAndDestroy()
    else if (this.#end.closing) this.#closeSent()
  }

  onError(code: string): void {
    this.#end.fail(code)
  }

  onTimeout(): void {
    if (this.look()) return
    this.#end.begin('server', 'timeout')
    this.socket.destroy()
  }

  onClose(): void {
    this.#end.closedAt = clock.steady()
    this.context.live.delete(this.id)
    this.context.resetPoller.delete(this)
    this.context.outbox.mark(this)
    this.#keepGreeting()
    if (this.#capture !== null) this.context.payloads?.end(this.#capture)
  }

  get #behavior(): Behaves {
    return this.#ownBehavior ?? this.context.behavior
  }

  /** Another behavior begins. What the last one left running or stopped must not outlast it. */
  #serve(): void {
    clearImmediate(this.#turn)
    if (this.socket.destroyed) return
    this.roomAgain()
    if (this.#halfClosed) this.#behavior.ended(this)
    else this.#behavior.opened(this)
  }

  /** Bytes out are those the kernel has accepted; the rest is in the stream's buffer. */
  #measure(): void {
    const { socket } = this
    // A failing socket empties its buffer. Those bytes must not count as sent.
    if (socket.writableFinished || !(socket.destroyed || socket.errored)) {
      this.#sent = this.#written - socket.writableLength
      if (socket.writableLength === 0) this.#chunksSent = this.#chunksOut
    }
  }

  #touch(): void {
    this.#lastActivityAt = clock.steady()
    this.context.outbox.mark(this)
  }

  #put(chunk: Buffer): boolean {
    this.#written += chunk.length
    this.#chunksOut++
    this.#touch()
    const room = this.socket.write(chunk)
    this.#measure()
    if (room && this.waiting > 0) this.#measureLater()
    return room
  }

  /** No `drain` follows a write that found room. An empty one after it tells when its bytes have been sent. */
  #measureLater(): void {
    if (this.#measuring) return
    this.#measuring = true
    this.socket.write(NOTHING, (error) => {
      this.#measuring = false
      if (error) return
      this.#measure()
      this.context.outbox.mark(this)
      if (this.waiting > 0 && !this.socket.writableNeedDrain) this.#measureLater()
    })
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

  /** Captures the newest chunk; the counters already include it. */
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

  /** Most clients of a crowd never send a byte, so the greeting is captured only when it is needed, by writing it again. */
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

  /** close(2) after our FIN. What the client has sent unread is read if its FIN ends the connection, otherwise answered with RST. */
  #closeSent(): void {
    if (!this.look()) this.socket.destroy()
  }

  #sendFin(): void {
    listenToFinish(this.socket)
    this.socket.end()
    // No `drain` event follows. Keep reading, or the client's FIN would stay unseen.
    this.roomAgain()
  }

  #greet(greeting: Greeting): Buffer {
    const remote = { address: this.#remoteAddress, port: this.#remotePort }
    const local = { address: this.#localAddress, port: this.context.localPort }
    return greeting(this.id, local, remote, this.#others)
  }
}
