import type { ConnectedSocket } from './connected-socket.ts'

const LOOK_MS = 1_000

/**
 * Polls connections that nobody reads: reading was stopped, or the client has sent FIN and the server has not
 * answered. Node reports no RST there until somebody reads or writes.
 */
export class ResetPoller {
  readonly #connections = new Set<ConnectedSocket>()
  #timer: NodeJS.Timeout | null = null

  add(connection: ConnectedSocket): void {
    this.#connections.add(connection)
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS)
  }

  delete(connection: ConnectedSocket): void {
    if (!this.#connections.delete(connection) || this.#connections.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  #look(): void {
    for (const connection of this.#connections) connection.look()
  }
}
