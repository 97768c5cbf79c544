import type { Socket } from 'node:net'
import type { CloseBy } from '../../shared/connection.ts'
import { packProgress } from '../../shared/record.ts'
import { clock } from '../clock.ts'
import type { Behaves } from './behaviors.ts'
import { Ending } from './ending.ts'
import type { Greeting } from './greeting.ts'
import { isConnected } from './handle.ts'
import type { ClosedFact, ProgressFact } from './messages.ts'
import { Reading } from './reading.ts'
import type { ResetPoller } from './reset-poller.ts'
import { listenTo } from './socket-events.ts'
import { Traffic, type TrafficContext } from './traffic.ts'

/** State shared by all connections of a listener. */
export interface ListenerContext extends TrafficContext {
  /** The port's; a connection may have one of its own. */
  behavior: Behaves
  /** The greeting for new connections; null: none. */
  greeting: Greeting | null
  idleTimeoutMs: number
  live: Map<number, ConnectedSocket>
  resetPoller: ResetPoller
}

/** One connected socket and its facts. Only this class turns a net.Socket's events into facts. */
export class ConnectedSocket extends Traffic {
  declare readonly context: ListenerContext
  #reading: Reading | null = null
  #ending: Ending | null = null
  /** The behavior chosen for this connection. */
  #ownBehavior: Behaves | null = null
  /** What the behavior does in the next turn of the event loop. */
  #turn: NodeJS.Immediate | undefined

  constructor(id: number, socket: Socket, context: ListenerContext) {
    super(id, socket, context)
    context.live.set(id, this)
    context.outbox.mark(this)
    listenTo(socket, this, context.idleTimeoutMs)
    if (context.greeting !== null) this.greet(context.greeting, context.live.size - 1)
    this.#behavior.opened(this)
  }

  /** True once our direction is closed, or will be closed after the pending bytes. */
  get finishing(): boolean {
    return this.socket.writableEnded
  }

  /** shutdown(2) of our direction: FIN after all pending bytes. The client may keep sending, and we keep reading. */
  halfClose(by: CloseBy): void {
    if (this.look()) return
    this.#end.begin(by)
    this.#sendFin()
  }

  /** close(2): FIN after all pending bytes. Nobody reads what the client sends after that. */
  close(by: CloseBy): void {
    if (this.look()) return
    this.halfClose(by)
    this.#end.closing = true
    this.#closeIfDue()
  }

  /** The client has sent FIN; ours follows after all pending bytes. */
  answerFin(): void {
    // With nothing pending, close(2) sends the FIN itself, so shutdown(2) would be a wasted call.
    if (!this.pending) this.socket.destroy()
    else this.#sendFin()
  }

  /** RST: what waits in either direction is lost. */
  reset(): void {
    if (this.look()) return
    // Afterwards nobody knows what the kernel had taken.
    this.measure()
    this.#end.sendReset()
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

  get closed(): boolean {
    return this.#ending !== null && this.#ending.closedAt !== null
  }

  get progressFact(): ProgressFact {
    this.measure()
    const progress = packProgress({
      bytesIn: this.bytesIn,
      bytesOut: this.bytesSent,
      bytesWaiting: this.waiting,
      chunksIn: this.chunksIn,
      chunksOut: this.chunksSent,
      halfClosedAt: this.#ending?.halfClosedAt ?? null,
      finSentAt: this.#ending?.finSentAt ?? null,
      readingPaused: this.#readingPaused,
      behavior: this.#ownBehavior?.name ?? null,
      protocol: this.protocol,
    })
    return [this.id, this.lastActivityAt, progress]
  }

  /** Valid only once `closed`. */
  get closedFact(): ClosedFact {
    return this.#end.fact(this.id)
  }

  onData(chunk: Buffer): void {
    this.received(chunk)
    this.#behavior.data(this, chunk)
  }

  onDrain(): void {
    this.touch()
    this.measure()
    this.#behavior.drained(this)
  }

  onEnd(): void {
    this.#end.begin('peer')
    this.#end.halfClosedAt = clock.steady()
    // It was gone before accept(2): RST came after the FIN.
    if (this.remotePort === 0) this.#end.resetByPeer()
    this.touch()
    this.#behavior.ended(this)
    if (!this.socket.destroyed) this.context.resetPoller.add(this)
  }

  /** Our FIN has been sent. */
  onFinish(): void {
    this.#end.finSent()
    this.touch()
    this.#closeIfDue()
  }

  onError(code: string): void {
    this.#end.fail(code)
  }

  onTimeout(): void {
    if (this.look()) return
    this.measure()
    this.#end.begin('server', 'timeout')
    this.socket.destroy()
  }

  onClose(): void {
    this.#end.closedAt = clock.steady()
    this.context.live.delete(this.id)
    this.context.resetPoller.delete(this)
    this.context.outbox.mark(this)
    this.endCapture()
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

  get #end(): Ending {
    return (this.#ending ??= new Ending(this.socket))
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

  /** close(2) after our FIN. What the client has sent unread is read if its FIN ends the connection, otherwise answered with RST. */
  #closeIfDue(): void {
    if (this.#end.closeIsDue && !this.look()) this.socket.destroy()
  }

  #sendFin(): void {
    this.#end.sendFin()
    // No `drain` event follows. Keep reading, or the client's FIN would stay unseen.
    this.roomAgain()
  }
}
