import { type Action, ACTIONS_KEPT } from '../../shared/action.ts'
import type { Close, Connection, ConnectionState, Progress, Protocol, Totals } from '../../shared/connection.ts'
import type { TcpState } from '../../shared/kernel.ts'
import { endpointKey } from './sort-key.ts'
import { formatEndpoint, isUnknownEndpoint, type Endpoint } from '../../shared/endpoint.ts'

/** Over this time constant the rate forgets: long enough to read, short enough to be about now. */
const RATE_WINDOW_MS = 2000
/** One for all rows that the kernel has not been asked about. */
const NONE_SEEN: readonly SeenState[] = []
/** One for all rows that nobody has acted on. */
const NO_ACTIONS: readonly Action[] = []

/** A TCP state in which a sample of the kernel found the socket, for the first time at `at`. */
export interface SeenState {
  state: TcpState
  at: number
}

/** A connection as the page holds it: the server's record, updated in place, and what only a reader can know. */
export class Row implements Connection {
  id: number
  family: 4 | 6
  local: Endpoint
  remote: Endpoint
  pid: number
  fd: number | null = null
  openedAt: number
  lastActivityAt = 0
  halfClosedAt: number | null = null
  finSentAt: number | null = null
  readingPaused = false
  protocol: Protocol | null = null
  actions: readonly Action[] = NO_ACTIONS
  state: ConnectionState = 'open'
  close: Close | null = null
  kernel: Connection['kernel'] = null
  /** States that this page has seen the kernel report, in their order. */
  seen: readonly SeenState[] = NONE_SEEN
  /** When the kernel no longer had the socket; null while it has, or where it was never seen. */
  forgottenAt: number | null = null
  /** When the send queue was last found longer than before. */
  sendQueueRoseAt: number | null = null
  bytesIn = 0
  bytesOut = 0
  chunksIn = 0
  chunksOut = 0
  /** Rises with each change, so that whoever shows the row knows when to read it again. */
  revision = 0
  /** When this page saw the first bytes of the client; null if that was before it looked. */
  firstBytesAt: number | null = null
  /** Set by whoever sorts, just before sorting. */
  sortKey: number | string = 0
  #rate = 0
  #rateAt: number
  #text: string | null = null
  #remoteKey: string | null = null
  #localKey: string | null = null

  constructor(connection: Connection) {
    this.id = connection.id
    this.family = connection.family
    this.local = connection.local
    this.remote = connection.remote
    this.pid = connection.pid
    this.openedAt = connection.openedAt
    this.#rateAt = connection.lastActivityAt
    this.renew(connection)
  }

  /** The record as a snapshot has it; what this page has seen of the connection so far stays. */
  renew(connection: Connection): void {
    this.fd = connection.fd
    this.lastActivityAt = connection.lastActivityAt
    this.progress(connection)
    if (connection.actions.length > 0) this.actions = connection.actions
    this.state = connection.state
    this.close = connection.close
    this.kernel = connection.kernel
    if (connection.kernel) {
      this.forgottenAt = null
      this.#see(connection.kernel.tcpState, connection.kernel.sampledAt)
    }
    this.bytesIn = connection.bytesIn
    this.bytesOut = connection.bytesOut
    this.chunksIn = connection.chunksIn
    this.chunksOut = connection.chunksOut
    this.revision++
  }

  /** The same record, which stays as it is while this one goes on. */
  frozen(): Row {
    const copy = new Row(this)
    copy.revision = this.revision
    copy.firstBytesAt = this.firstBytesAt
    copy.seen = this.seen
    copy.forgottenAt = this.forgottenAt
    copy.sendQueueRoseAt = this.sendQueueRoseAt
    copy.#rate = this.#rate
    copy.#rateAt = this.#rateAt
    copy.#text = this.#text
    return copy
  }

  /** What the box for plain text searches, in lower case. */
  get text(): string {
    this.#text ??= `#${this.id} ${this.remoteText} ${formatEndpoint(this.local)}`.toLowerCase()
    return this.#text
  }

  /** What the order by endpoint goes by; slow to make, so made once. */
  get remoteKey(): string {
    this.#remoteKey ??= endpointKey(this.remote)
    return this.#remoteKey
  }

  get localKey(): string {
    this.#localKey ??= endpointKey(this.local)
    return this.#localKey
  }

  get remoteText(): string {
    return isUnknownEndpoint(this.remote) ? '' : formatEndpoint(this.remote)
  }

  get live(): boolean {
    return this.close === null
  }

  /** How long it has been open, or was. @returns milliseconds */
  ageMs(now: number): number {
    return Math.max(0, (this.close?.at ?? now) - this.openedAt)
  }

  /** Since the last byte; null once closed. @returns milliseconds */
  idleMs(now: number): number | null {
    return this.close === null ? Math.max(0, now - this.lastActivityAt) : null
  }

  /** Both directions together, an exponentially weighted mean. @returns bytes a second */
  rate(now: number): number {
    if (this.close !== null) return 0
    return this.#rate * Math.exp(-Math.max(0, now - this.#rateAt) / RATE_WINDOW_MS)
  }

  update(at: number, totals: Totals): void {
    const bytes = totals.bytesIn + totals.bytesOut - this.bytesIn - this.bytesOut
    this.#rate = this.rate(at) + (bytes * 1000) / RATE_WINDOW_MS
    this.#rateAt = Math.max(at, this.#rateAt)
    if (this.chunksIn === 0 && totals.chunksIn > 0) this.firstBytesAt = at
    this.bytesIn = totals.bytesIn
    this.bytesOut = totals.bytesOut
    this.chunksIn = totals.chunksIn
    this.chunksOut = totals.chunksOut
    this.revision++
  }

  /** What changes beside the totals while it lives. */
  progress({ halfClosedAt, finSentAt, readingPaused, protocol }: Progress): void {
    this.halfClosedAt = halfClosedAt
    this.finSentAt = finSentAt
    this.readingPaused = readingPaused
    this.protocol = protocol
  }

  act(action: Action): void {
    this.actions = [...this.actions, action].slice(-ACTIONS_KEPT)
    this.revision++
  }

  /** @returns true if the socket is in another TCP state than before */
  applyKernel(kernel: Connection['kernel'], now: number): boolean {
    const before = this.kernel
    if (before !== null && kernel !== null && kernel.sendQueue > before.sendQueue) this.sendQueueRoseAt = now
    if (kernel) this.#see(kernel.tcpState, kernel.sampledAt)
    this.forgottenAt = kernel === null && before !== null ? now : null
    this.kernel = kernel
    this.revision++
    return before?.tcpState !== kernel?.tcpState
  }

  end(close: Close): void {
    this.state = 'closed'
    this.close = close
    this.fd = null
    this.revision++
  }

  #see(state: TcpState, at: number): void {
    if (this.seen.at(-1)?.state !== state) this.seen = [...this.seen, { state, at }]
  }
}
