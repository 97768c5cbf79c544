import type { RefusedWhy } from '../../shared/stream.ts'
import { clock } from '../clock.ts'
import {
  type ClosedFact,
  type FactsMessage,
  type OpenedFact,
  type ProgressFact,
  REFUSED_DETAILS,
  type RefusedFact,
  UNREPORTED_MAX,
} from './messages.ts'

/** Milliseconds between two batches. After a pause the first batch leaves at once. */
const BATCH_MS = 25
/**
 * The interval after a batch of more than BUSY_FACTS. Each batch wakes the control process at the same cost whatever
 * its size (0.2 ms measured, 1 ms with both cores busy), so under a flood fewer and larger batches leave more time
 * for the port.
 */
const BUSY_BATCH_MS = 100
const BUSY_FACTS = 100

/** A connection and its facts, which are read when a batch is sent. */
export interface ReportedConnection {
  /** The control process has received the connection's first facts. */
  reported: boolean
  /** The next batch includes this connection. */
  dirty: boolean
  readonly openedFact: OpenedFact
  readonly progressFact: ProgressFact
  readonly closed: boolean
  readonly closedFact: ClosedFact
}

/** Sends a batch, and calls back when it has left this process. */
export type Send = (message: FactsMessage, sent: () => void) => void

/**
 * Facts the control process has not received yet. Connections are only marked; their facts are read when a batch
 * leaves, so any number of events becomes one fact. A batch waits until the previous one has left, so no queue can
 * grow.
 */
export class Outbox {
  /** How many connections have been reported, each as often as it was. */
  reports = 0
  readonly #send: Send
  #dirty: ReportedConnection[] = []
  #unreported = 0
  #refused: RefusedFact[] = []
  #refusedCount = 0
  #sending = false
  #scheduled = false
  #nextAt = 0
  #whenEmpty: (() => void) | null = null

  constructor(send: Send) {
    this.#send = send
  }

  /** True when the control process is so far behind that new connections must be refused. */
  get behind(): boolean {
    return this.#unreported >= UNREPORTED_MAX
  }

  mark(connection: ReportedConnection): void {
    if (connection.dirty) return
    connection.dirty = true
    if (!connection.reported) this.#unreported++
    this.#dirty.push(connection)
    this.#schedule()
  }

  refuse(why: RefusedWhy, localAddress: string, remoteAddress: string, remotePort: number): void {
    this.#refusedCount++
    if (this.#refused.length < REFUSED_DETAILS) {
      this.#refused.push([clock.steady(), why, localAddress, remoteAddress, remotePort])
    }
    this.#schedule()
  }

  /** Resolves once everything marked so far has left. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenEmpty = resolve
      this.#settle()
    })
  }

  #schedule(): void {
    if (this.#scheduled || this.#sending) return
    this.#scheduled = true
    const wait = this.#nextAt - performance.now()
    if (wait <= 0) setImmediate(() => this.#flush())
    else setTimeout(() => this.#flush(), wait)
  }

  #flush(): void {
    this.#scheduled = false
    this.#sending = true
    this.#nextAt = performance.now() + (this.#dirty.length > BUSY_FACTS ? BUSY_BATCH_MS : BATCH_MS)
    // Until a batch has left, it can be lost with this process, together with its connections' ids.
    const leaving = this.#unreported
    this.#send(this.#batch(), () => {
      this.#sending = false
      this.#unreported -= leaving
      this.#settle()
    })
  }

  #settle(): void {
    if (this.#dirty.length > 0 || this.#refusedCount > 0) this.#schedule()
    else if (!this.#sending && !this.#scheduled) this.#whenEmpty?.()
  }

  #batch(): FactsMessage {
    const message: FactsMessage = {
      type: 'facts',
      opened: [],
      progress: [],
      closed: [],
      refused: this.#refused,
      refusedCount: this.#refusedCount,
    }
    for (const connection of this.#dirty) {
      connection.dirty = false
      if (!connection.reported) message.opened.push(connection.openedFact)
      connection.reported = true
      message.progress.push(connection.progressFact)
      if (connection.closed) message.closed.push(connection.closedFact)
    }
    this.reports += this.#dirty.length
    this.#dirty = []
    this.#refused = []
    this.#refusedCount = 0
    return message
  }
}
