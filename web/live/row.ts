import { type Action, ACTIONS_KEPT } from '../../shared/action.ts'
import type { Close, Connection, Progress } from '../../shared/connection.ts'
import { endpointKey, formatEndpoint, isUnknownEndpoint } from '../../shared/endpoint.ts'
import type { TcpState } from '../../shared/kernel.ts'
import { progressOf, recordOf } from '../../shared/record.ts'

/** Over this time constant the rate forgets: long enough to read, short enough to be about now. */
const RATE_WINDOW_MS = 2000
/** One for all rows that the kernel has not been asked about. */
const NONE_SEEN: readonly SeenState[] = []

/** A TCP state in which a sample of the kernel found the socket, for the first time at `at`. */
export interface SeenState {
  state: TcpState
  at: number
}

/** Declares and sets the fields of the record, so that no field has to be named here again. */
const RecordFields = class {
  constructor(connection: Connection) {
    Object.assign(this, recordOf(connection))
  }
} as new (connection: Connection) => Connection

/** A connection as the page holds it: the server's record, updated in place, and what only a reader can know. */
export class Row extends RecordFields {
  /** States that this page has seen the kernel report, in their order. */
  seen: readonly SeenState[] = NONE_SEEN
  /** When the kernel no longer had the socket; null while it has, or where it was never seen. */
  forgottenAt: number | null = null
  /** When the send queue was last found longer than before. */
  sendQueueRoseAt: number | null = null
  /** Rises with each change, so that components know when to read the row again. */
  revision = 0
  /** When this page saw the first bytes of the client; null if that was before the page was opened. */
  firstBytesAt: number | null = null
  /** Set just before the rows are sorted. */
  sortKey: number | string = 0
  #rate = 0
  #rateAt: number
  #text: string | null = null
  #remoteKey: string | null = null
  #localKey: string | null = null

  constructor(connection: Connection) {
    super(connection)
    this.#rateAt = connection.lastActivityAt
    this.#noteKernel()
  }

  /** The record as a snapshot has it; what this page has seen of the connection so far stays. */
  renew(connection: Connection): void {
    const { actions } = this
    Object.assign(this, recordOf(connection))
    if (this.actions.length === 0) this.actions = actions
    this.#noteKernel()
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

  /** New totals and whatever else changes while the connection is live. */
  update(at: number, progress: Progress): void {
    const bytes = progress.bytesIn + progress.bytesOut - this.bytesIn - this.bytesOut
    this.#rate = this.rate(at) + (bytes * 1000) / RATE_WINDOW_MS
    this.#rateAt = Math.max(at, this.#rateAt)
    if (this.chunksIn === 0 && progress.chunksIn > 0) this.firstBytesAt = at
    Object.assign(this, progressOf(progress))
    this.revision++
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

  #noteKernel(): void {
    if (this.kernel === null) return
    this.forgottenAt = null
    this.#see(this.kernel.tcpState, this.kernel.sampledAt)
  }

  #see(state: TcpState, at: number): void {
    if (this.seen.at(-1)?.state !== state) this.seen = [...this.seen, { state, at }]
  }
}
