const LOOK_MS = 1_000

interface PolledConnection {
  /** Checks whether the connection has ended without an event. */
  look(): boolean
}

/**
 * Polls connections that nobody reads: reading was stopped, or the client has sent FIN and the server has not
 * answered. Node reports no RST there until somebody reads or writes.
 */
export class ResetPoller {
  readonly #connections = new Set<PolledConnection>()
  #timer: NodeJS.Timeout | null = null

  add(connection: PolledConnection): void {
    this.#connections.add(connection)
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS)
  }

  delete(connection: PolledConnection): void {
    if (!this.#connections.delete(connection) || this.#connections.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  #look(): void {
    for (const connection of this.#connections) connection.look()
  }
}
