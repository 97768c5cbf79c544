import type { AcceptQueue } from '../../shared/schema/kernel.ts'
import type { PortProblem } from '../../shared/schema/problem.ts'

/** How long a full queue stays a problem after the last sample that showed it full, in milliseconds. */
const STAYS_MS = 5_000

/**
 * Finds samples in which the accept queue is full: longer than its limit, as the kernel counts (sk_acceptq_is_full). Until there is room it
 * drops SYNs and the last packets of handshakes. A queue that was full only between two samples stays unseen.
 */
export class FullQueue {
  #first = 0
  #last = -Infinity
  #longest: AcceptQueue = { length: 0, limit: 0 }

  /** @param queue null: not sampled, or full on request. @param at Unix milliseconds */
  sampled(queue: AcceptQueue | null, at: number): void {
    if (queue === null || queue.length <= queue.limit) return
    const isNew = at - this.#last >= STAYS_MS
    if (isNew) this.#first = at
    if (isNew || queue.length > this.#longest.length) this.#longest = queue
    this.#last = at
  }

  /** @param now Unix milliseconds */
  problem(now: number): PortProblem | null {
    if (now - this.#last >= STAYS_MS) return null
    const { length, limit } = this.#longest
    return { code: 'accept-queue-full', since: this.#first, evidence: { connections: length, limit } }
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    this.#first += ms
    this.#last += ms
  }
}
