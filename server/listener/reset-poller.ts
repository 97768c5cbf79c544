import type { ConnectedSocket } from './connected-socket.ts'

const LOOK_MS = 1_000

/**
 * Connections that nobody reads from: stopped by hand, or the client has sent FIN and the server has not answered. Nothing tells
 * of a RST there until somebody reads or writes, so they are looked at now and then.
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
