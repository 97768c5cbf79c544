import type { Close, Connection, ConnectionState, KernelFacts, Totals } from '../../shared/connection.ts'
import { endpointKey } from './sort-key.ts'
import { formatEndpoint, isUnknownEndpoint, type Endpoint } from '../../shared/endpoint.ts'

/** Over this time constant the rate forgets: long enough to read, short enough to be about now. */
const RATE_WINDOW_MS = 2000

/** A connection as the page holds it: the server's record, updated in place, and what only a reader can know. */
export class Row implements Connection {
  id: number
  family: 4 | 6
  local: Endpoint
  remote: Endpoint
  pid: number
  fd: number | null
  openedAt: number
  lastActivityAt: number
  halfClosedAt: number | null
  state: ConnectionState
  close: Close | null
  kernel: KernelFacts | null
  bytesIn: number
  bytesOut: number
  chunksIn: number
  chunksOut: number
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
    this.fd = connection.fd
    this.openedAt = connection.openedAt
    this.lastActivityAt = connection.lastActivityAt
    this.halfClosedAt = connection.halfClosedAt
    this.state = connection.state
    this.close = connection.close
    this.kernel = connection.kernel
    this.bytesIn = connection.bytesIn
    this.bytesOut = connection.bytesOut
    this.chunksIn = connection.chunksIn
    this.chunksOut = connection.chunksOut
    this.#rateAt = connection.lastActivityAt
  }

  /** The same record, which stays as it is while this one goes on. */
  frozen(): Row {
    const copy = new Row(this)
    copy.revision = this.revision
    copy.firstBytesAt = this.firstBytesAt
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

  end(close: Close): void {
    this.state = 'closed'
    this.close = close
    this.fd = null
    this.revision++
  }
}
