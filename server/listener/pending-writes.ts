const LOOK_MS = 1_000

interface Writing {
  /** Updates the count of bytes that the kernel has taken. @returns false once no write is pending */
  remeasure(): boolean
}

/** Measures connections with a pending write once a second: Node reports only whole writes, not the part that the kernel has taken. */
export class PendingWrites {
  readonly #connections = new Set<Writing>()
  #timer: NodeJS.Timeout | null = null

  add(connection: Writing): void {
    this.#connections.add(connection)
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS)
  }

  #look(): void {
    for (const connection of this.#connections) {
      if (!connection.remeasure()) this.#connections.delete(connection)
    }
    if (this.#connections.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }
}
