import type { CloseBy, CloseHow } from '../../shared/connection.ts'
import type { ClosedFact } from './messages.ts'

/** How a connection ends. Created when the ending begins, so that a live connection does not pay for it. */
export class Ending {
  /** When the client's FIN arrived, and when ours was sent. */
  halfClosedAt: number | null = null
  finSentAt: number | null = null
  /** True if the socket must be closed as soon as our FIN has been sent. */
  closing = false
  closedAt: number | null = null
  #by: CloseBy | null = null
  #how: CloseHow = 'fin'
  #code: string | null = null

  /** The first side to act counts as the one that ended the connection. */
  begin(by: CloseBy, how: CloseHow = this.#how): void {
    this.#by ??= by
    this.#how = how
  }

  /** @param code an errno name */
  fail(code: string): void {
    this.#code = code
    if (code === 'ECONNRESET' || code === 'EPIPE') this.begin('peer', 'reset')
    else this.begin('system', code === 'ETIMEDOUT' ? 'timeout' : 'error')
  }

  get resets(): boolean {
    return this.#how === 'reset'
  }

  /** Valid only once the connection has closed. */
  fact(id: number): ClosedFact {
    return [id, this.closedAt ?? 0, this.#by ?? 'system', this.#how, this.#code]
  }
}
