import type { Socket } from 'node:net'
import type { Protocol } from '../../shared/connection.ts'
import type { Direction } from '../../shared/payload.ts'
import { clock } from '../clock.ts'
import type { PayloadPart } from './asks.ts'
import type { Capture } from './capture.ts'
import type { Greeting } from './greeting.ts'
import { guess, GUESS_BYTES } from './guess.ts'
import { descriptor, endsOf, inodeOf, takenOf } from './handle.ts'
import type { ClosedFact, OpenedFact, ProgressFact } from './messages.ts'
import type { Outbox, ReportedConnection } from './outbox.ts'
import type { Payloads } from './payloads.ts'
import type { PendingWrites } from './pending-writes.ts'

const NOTHING = Buffer.alloc(0)

/** What the traffic of all connections shares. */
export interface TrafficContext {
  localPort: number
  outbox: Outbox
  pendingWrites: PendingWrites
  /** Null: no bytes are captured. */
  payloads: Payloads | null
}

/**
 * The bytes of one connected socket: writes, counts and captures them. `ConnectedSocket` extends it instead of having
 * one, because there are thousands, and an object more for each costs time in a flood and memory at rest.
 */
export abstract class Traffic implements ReportedConnection {
  readonly id: number
  readonly socket: Socket
  readonly context: TrafficContext
  // Used by the outbox: whether the connection has been reported, and whether the next batch includes it.
  reported = false
  dirty = false
  protected readonly openedAt: number
  protected readonly remotePort: number
  protected lastActivityAt: number
  protected bytesIn = 0
  protected chunksIn = 0
  /** Out, only what the kernel has accepted; the rest waits in this process. */
  protected bytesSent = 0
  protected chunksSent = 0
  protected protocol: Protocol | null = null

  readonly #fd: number
  readonly #localAddress: string
  readonly #remoteAddress: string
  #written = 0
  #chunksWritten = 0
  #measuring = false
  /** The connection's own capture, once it has more than a few short chunks. */
  #capture: Capture | null = null
  #guessing = true
  /** The client's first bytes, until the protocol is decided. */
  #beginning: Buffer | null = null
  /** The greeting's writer and the count it was given, until the greeting is captured. Both together reproduce the same bytes. */
  #greeting: Greeting | null = null
  #others = 0

  constructor(id: number, socket: Socket, context: TrafficContext) {
    this.id = id
    this.socket = socket
    this.context = context
    this.openedAt = this.lastActivityAt = clock.steady()
    this.#fd = descriptor(socket)
    // Now, because a destroyed socket has no ends.
    const ends = endsOf(socket)
    this.#localAddress = ends.localAddress
    this.#remoteAddress = ends.remoteAddress
    this.remotePort = ends.remotePort
  }

  abstract get closed(): boolean
  abstract get closedFact(): ClosedFact
  abstract get progressFact(): ProgressFact

  get openedFact(): OpenedFact {
    const inode = inodeOf(this.socket)
    return [this.id, this.#fd, this.openedAt, this.#localAddress, this.#remoteAddress, this.remotePort, inode]
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

  /** Bytes written that the kernel has not accepted, as of the last look. */
  get waiting(): number {
    return this.#written - this.bytesSent
  }

  /** Writes wait to be finished, and `drained` will follow. */
  get full(): boolean {
    return this.pending && this.socket.writableNeedDrain
  }

  /** Counts what the kernel has accepted. */
  measure(): void {
    const { socket } = this
    // A failing socket empties its buffer. Those bytes must not count as sent.
    if (!socket.writableFinished && (socket.destroyed || socket.errored)) return
    if (this.pending) {
      this.bytesSent = takenOf(socket) ?? this.bytesSent
      this.context.pendingWrites.add(this)
    } else {
      this.bytesSent = this.#written
      this.chunksSent = this.#chunksWritten
    }
  }

  /** @returns false once no write is pending */
  remeasure(): boolean {
    const before = this.bytesSent
    this.measure()
    if (this.bytesSent !== before) this.context.outbox.mark(this)
    return this.pending && !this.socket.destroyed
  }

  /** Whether a write has not finished. */
  protected get pending(): boolean {
    return this.socket.writableLength > 0
  }

  /** Captured bytes after chunk number `after`. */
  payload(after: number, maxBytes: number): PayloadPart | null {
    this.#keepGreeting()
    const totals = { in: this.bytesIn, out: this.#written }
    return this.context.payloads?.read(this.id, totals, after, maxBytes) ?? null
  }

  /** The greeting while it is not captured, for a search: capturing that of every connection would push out other bytes. */
  get pendingGreeting(): Buffer | null {
    return this.#greeting === null ? null : this.#greet(this.#greeting)
  }

  /** @param others number of other connections on the port */
  protected greet(greeting: Greeting, others: number): void {
    this.#greeting = greeting
    this.#others = others
    this.#put(this.#greet(greeting))
  }

  /** Counts and captures a chunk from the client. */
  protected received(chunk: Buffer): void {
    this.bytesIn += chunk.length
    this.chunksIn++
    this.touch()
    this.#keep('in', chunk)
    if (this.#guessing) this.#guess(chunk)
  }

  /** Something has happened on the connection. */
  protected touch(): void {
    this.lastActivityAt = clock.steady()
    this.context.outbox.mark(this)
  }

  /** No more bytes will come. */
  protected endCapture(): void {
    this.#keepGreeting()
    if (this.#capture !== null) this.context.payloads?.end(this.#capture)
  }

  #put(chunk: Buffer): boolean {
    this.#written += chunk.length
    this.#chunksWritten++
    this.touch()
    const room = this.socket.write(chunk)
    this.measure()
    if (room && this.pending) this.#measureLater()
    return room
  }

  /** No `drain` follows a write that found room. An empty one after it tells when its bytes have been sent. */
  #measureLater(): void {
    if (this.#measuring) return
    this.#measuring = true
    this.socket.write(NOTHING, (error) => {
      this.#measuring = false
      if (error) return
      this.measure()
      this.context.outbox.mark(this)
      if (this.pending && !this.socket.writableNeedDrain) this.#measureLater()
    })
  }

  /** Captures the newest chunk; the counters already include it. */
  #keep(direction: Direction, chunk: Buffer): void {
    const { payloads } = this.context
    if (payloads === null) return
    this.#keepGreeting()
    const n = this.chunksIn + this.#chunksWritten
    const bytesIn = direction === 'in' ? this.bytesIn - chunk.length : this.bytesIn
    const bytesOut = direction === 'out' ? this.#written - chunk.length : this.#written
    const at = this.lastActivityAt
    this.#capture = payloads.keep(this.#capture, this.id, n, at, direction, chunk, bytesIn, bytesOut)
  }

  /** Most clients of a crowd never send a byte, so the greeting is captured only when it is needed, by writing it again. */
  #keepGreeting(): void {
    const { payloads } = this.context
    if (payloads === null || this.#greeting === null) return
    this.#capture = payloads.keep(null, this.id, 1, this.openedAt, 'out', this.#greet(this.#greeting), 0, 0)
    this.#greeting = null
  }

  #greet(greeting: Greeting): Buffer {
    const remote = { address: this.#remoteAddress, port: this.remotePort }
    const local = { address: this.#localAddress, port: this.context.localPort }
    return greeting(this.id, local, remote, this.#others)
  }

  #guess(chunk: Buffer): void {
    const beginning = this.#beginning === null ? chunk : Buffer.concat([this.#beginning, chunk])
    const { protocol, more } = guess(beginning.subarray(0, GUESS_BYTES))
    this.protocol = protocol
    this.#guessing = more && beginning.length < GUESS_BYTES
    this.#beginning = this.#guessing ? beginning : null
  }
}
