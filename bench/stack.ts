/** Stops everything that a row has started, newest first, even if the row fails. */
export class Stack {
  readonly #stops: (() => Promise<void>)[] = []

  use<T extends { stop(): Promise<void> }>(resource: T): T {
    this.#stops.push(() => resource.stop())
    return resource
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stop of this.#stops.toReversed()) await stop()
  }
}
