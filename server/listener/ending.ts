import type { Socket } from 'node:net'
import type { CloseBy, CloseHow, ResetBy } from '../../shared/connection.ts'
import { clock } from '../clock.ts'
import { clientFinFirst } from './client-fin.ts'
import type { ClosedFact } from './messages.ts'
import { listenToFinish } from './socket-events.ts'

/** If the process is preempted for longer than this before the RST, a FIN may arrive unseen. Milliseconds. */
const STOOD_STILL_MS = 1

/**
 * How a connection ends: sends our FIN or RST, and knows who began. Created when the ending begins, so that a live
 * connection does not pay for it.
 */
export class Ending {
  readonly #socket: Socket
  /** When the client's FIN arrived, and when ours was sent. */
  halfClosedAt: number | null = null
  finSentAt: number | null = null
  /** True if the socket must be closed as soon as our FIN has been sent. */
  closing = false
  closedAt: number | null = null
  #by: CloseBy | null = null
  #how: CloseHow = 'fin'
  #reset: ResetBy | null = null
  #code: string | null = null
  #finPossible = false

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** The first side to act is the one that ended the connection. What follows does not change that. */
  begin(by: CloseBy, how: CloseHow = 'fin'): void {
    if (this.#by !== null) return
    this.#by = by
    this.#how = how
  }

  /** shutdown(2) of our direction: FIN after all pending bytes. */
  sendFin(): void {
    if (this.#socket.writableEnded) return
    listenToFinish(this.#socket)
    this.#socket.end()
  }

  /** Our FIN has been sent. */
  finSent(): void {
    this.finSentAt = clock.steady()
    if (this.#reset === 'server') this.#sendResetNow()
  }

  /** Whether only close(2) is left to do. */
  get closeIsDue(): boolean {
    return this.closing && this.#socket.writableFinished
  }

  /** RST: what waits in either direction is lost. */
  sendReset(): void {
    const { writableEnded, writableFinished, writableLength } = this.#socket
    // libuv refuses to reset (EINVAL) while shutdown(2) is in progress, and the socket would never be closed.
    const shuttingDown = writableEnded && !writableFinished && writableLength === 0
    this.#break('server', 'reset', shuttingDown)
    if (!shuttingDown) this.#sendResetNow()
  }

  /** The kernel keeps no data after our RST. So this asks right before the RST whether an unread FIN of the client has arrived. */
  #sendResetNow(): void {
    const asked = performance.now()
    const finFirst = clientFinFirst(this.#socket)
    this.#socket.resetAndDestroy()
    if (this.#by === 'peer') return
    if (finFirst === true) {
      this.#by = 'peer'
      this.#how = 'fin'
    } else {
      // A FIN of the client that came after ours changes nothing.
      const stoodStill = this.#how === 'reset' && performance.now() - asked > STOOD_STILL_MS
      this.#finPossible = finFirst === null || stoodStill
    }
  }

  /** The client sent RST. @param how what it sent before: its FIN, or nothing */
  resetByPeer(how: 'fin' | 'reset' = 'fin'): void {
    this.#break('peer', how)
  }

  /** @param code an errno name */
  fail(code: string): void {
    this.#code = code
    // The kernel says EPIPE where the RST followed a FIN that was not read.
    if (code === 'ECONNRESET' || code === 'EPIPE') this.resetByPeer(code === 'EPIPE' ? 'fin' : 'reset')
    else {
      // Our kernel was told to end it (`ss -K`), and sends RST.
      if (code === 'ECONNABORTED') this.#reset ??= 'server'
      this.begin('system', code === 'ETIMEDOUT' ? 'timeout' : 'error')
    }
  }

  /** Valid only once the connection has closed. */
  fact(id: number): ClosedFact {
    const by = this.#by ?? 'system'
    return [id, this.closedAt ?? 0, by, this.#how, this.#reset, this.#code, this.#finPossible]
  }

  /** @param finGoes our FIN is on its way already */
  #break(side: ResetBy, how: 'fin' | 'reset', finGoes = false): void {
    this.#reset ??= side
    // A FIN that waits for pending bytes is never sent then.
    const finSent = finGoes || this.finSentAt !== null
    if (this.#by === 'server' && this.#how === 'fin' && !finSent) this.#by = null
    this.begin(side, how)
  }
}
