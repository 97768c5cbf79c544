import { type Action, ACTIONS_KEPT } from '../../shared/action.ts'
import type { Close, Connection, Progress } from '../../shared/connection.ts'
import { ageMs, idleMs } from '../../shared/durations.ts'
import { endpointKey, formatEndpoint, isUnknownEndpoint } from '../../shared/endpoint.ts'
import { endsText } from '../../shared/filter/plain-text.ts'
import { later, progressLater, progressOf, recordOf } from '../../shared/record.ts'
import { statesLater } from '../../shared/sampled-states.ts'
import type { Change } from '../../shared/stream.ts'
import { type Emptied, EMPTIED_KEPT, Queues } from './queues.ts'

/** Time constant of the moving average: long enough to be readable, short enough to be current. */
const RATE_WINDOW_MS = 2000
const NONE_EMPTIED: readonly Emptied[] = []

/** A change that can also reach a closed connection. */
export type LateChange = Extract<Change, { kind: 'evidence' | 'kernel' | 'other-end' | 'action' }>

/** What samples have found of a socket. Without `sampledStates`, these are the same as before. */
export type Sampled = Pick<Connection, 'kernel' | 'forgottenAt'> & Partial<Pick<Connection, 'sampledStates'>>

/**
 * Declares and sets every field of the record, so that a new field needs no change here. The record must have no other fields: to
 * pick them first takes ten times as long, and a page that loads makes thousands of rows.
 */
const RecordFields = class {
  constructor(connection: Connection) {
    Object.assign(this, connection)
  }
} as new (connection: Connection) => Connection

/** A connection in the page: the server's record, updated in place, and what this page has observed. */
export class Row extends RecordFields {
  /** Whether the client's own socket was seen and is gone. */
  otherEndGone = false
  /** When a sample last found the send queue longer than before. */
  sendQueueRoseAt: number | null = null
  /** Increases with each change, so that components know when to read the row again. */
  revision = 0
  /** Queues that held bytes for a while and were then found empty, oldest first. */
  emptied: readonly Emptied[] = NONE_EMPTIED
  /** Set just before each sort. */
  sortKey: number | string = 0
  #queues: Queues | null = null
  #rate = 0
  #rateAt: number
  #text: string | null = null
  #remoteKey: string | null = null
  #localKey: string | null = null

  constructor(connection: Connection) {
    super(connection)
    this.#rateAt = connection.lastActivityAt
  }

  /** Takes over the record of a snapshot, and keeps what this page has observed so far. */
  renew(connection: Connection): void {
    const { actions } = this
    // The time of the accept changes only when the server's clock is set.
    if (connection.openedAt !== this.openedAt) this.shift(connection.openedAt - this.openedAt)
    Object.assign(this, connection)
    if (this.actions.length === 0) this.actions = actions
    this.forgottenAt = connection.forgottenAt
    this.revision++
  }

  /** Moves all times. @param ms by how much the server's clock was set, milliseconds */
  shift(ms: number): void {
    this.openedAt += ms
    this.lastActivityAt += ms
    Object.assign(this, progressLater(progressOf(this), ms))
    if (this.close !== null) this.close = { ...this.close, at: this.close.at + ms }
    if (this.problem !== null) this.problem = { ...this.problem, since: this.problem.since + ms }
    this.actions = this.actions.map((action) => ({ ...action, at: action.at + ms }))
    this.sampledStates = statesLater(this.sampledStates, ms)
    if (this.forgottenAt !== undefined) this.forgottenAt += ms
    this.sendQueueRoseAt = later(this.sendQueueRoseAt, ms)
    this.emptied = this.emptied.map((one) => ({ ...one, at: one.at + ms }))
    this.#rateAt += ms
  }

  /** A copy that no longer changes, for the paused page. */
  frozen(): Row {
    const copy = new Row(recordOf(this))
    copy.revision = this.revision
    copy.emptied = this.emptied
    copy.otherEndGone = this.otherEndGone
    copy.sendQueueRoseAt = this.sendQueueRoseAt
    copy.#rate = this.#rate
    copy.#rateAt = this.#rateAt
    copy.#text = this.#text
    return copy
  }

  /** What plain words of the filter are compared with and never changes, so computed once. */
  get text(): string {
    this.#text ??= endsText(this)
    return this.#text
  }

  /** Sort key of the remote endpoint. Slow to compute, so computed once. */
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

  /** How long the connection has been open, or was open. @returns milliseconds */
  ageMs(now: number): number {
    return ageMs(this, now)
  }

  /** Time since the last data or FIN; null once closed. @returns milliseconds */
  idleMs(now: number): number | null {
    return idleMs(this, now)
  }

  /** Exponentially weighted average of both directions together. @returns bytes per second */
  rate(now: number): number {
    if (this.close !== null) return 0
    return this.#rate * Math.exp(-Math.max(0, now - this.#rateAt) / RATE_WINDOW_MS)
  }

  /** Sets the totals and the other fields that change while the connection is live. */
  update(at: number, progress: Progress): void {
    const bytes = progress.bytesIn + progress.bytesOut - this.bytesIn - this.bytesOut
    this.#rate = this.rate(at) + (bytes * 1000) / RATE_WINDOW_MS
    this.#rateAt = Math.max(at, this.#rateAt)
    Object.assign(this, progressOf(progress))
    this.revision++
  }

  /** Applies a change that can also reach a closed connection. @returns true if observers must hear of it */
  take(change: LateChange, now: number): boolean {
    switch (change.kind) {
      case 'evidence':
        this.end(change.close)
        return true
      case 'kernel':
        return this.applyKernel(change, now)
      case 'other-end':
        return this.applyOtherEnd(change.otherEnd)
      case 'action':
        // The record of a closed connection that was requested may have the action already.
        if (this.live || !this.#hasDone(change.action)) this.act(change.action)
        return false
    }
  }

  act(action: Action): void {
    this.actions = [...this.actions, action].slice(-ACTIONS_KEPT)
    this.revision++
  }

  applyProblem(problem: Connection['problem']): void {
    this.problem = problem
    this.revision++
  }

  /** @returns true if the owner may be another one, which the filter can ask for */
  applyOtherEnd(otherEnd: Connection['otherEnd']): boolean {
    const before = this.otherEnd?.owner ?? null
    this.otherEndGone = otherEnd === null && (this.otherEndGone || this.otherEnd !== null)
    this.otherEnd = otherEnd
    this.revision++
    const after = otherEnd?.owner ?? null
    return before?.pid !== after?.pid || before?.command !== after?.command || before?.user !== after?.user
  }

  /** @returns true if the TCP state has changed */
  applyKernel({ kernel, sampledStates, forgottenAt }: Sampled, now: number): boolean {
    const before = this.kernel
    if (before !== null && kernel !== null && kernel.sendQueue > before.sendQueue) this.sendQueueRoseAt = now
    if (sampledStates !== undefined) this.sampledStates = sampledStates
    this.#watchQueues(kernel)
    this.forgottenAt = forgottenAt
    this.kernel = kernel
    this.revision++
    return before?.tcpState !== kernel?.tcpState
  }

  /** Drops the kernel's facts: the page may have missed what came after. */
  unsampled(): void {
    this.kernel = null
    this.revision++
  }

  end(close: Close): void {
    this.state = 'closed'
    this.close = close
    this.problem = null
    this.fd = null
    this.revision++
  }

  #hasDone(action: Action): boolean {
    const text = JSON.stringify(action)
    return this.actions.some((one) => JSON.stringify(one) === text)
  }

  /** Most sockets never hold bytes when they are sampled, so only the others are watched. */
  #watchQueues(kernel: Connection['kernel']): void {
    if (this.#queues === null && (kernel === null || kernel.recvQueue + kernel.sendQueue === 0)) return
    this.#queues ??= new Queues()
    const emptied = this.#queues.see(kernel)
    if (emptied.length > 0) this.emptied = [...this.emptied, ...emptied].slice(-EMPTIED_KEPT)
  }
}
