import type { AcceptQueue } from '../../shared/schema/kernel.ts'
import type { PortProblem } from '../../shared/schema/problem.ts'
import type { Entry } from './entry.ts'
import { Flooding } from './flooding.ts'
import { FullQueue } from './full-queue.ts'
import { Reconnects } from './reconnects.ts'
import type { ConnectionTable } from './table.ts'

/** How often the connections that are not closed are counted, in milliseconds, and how many counts are compared. */
const COUNT_EVERY_MS = 5_000
const COUNTS = 6
/** A rise that is worth a problem. */
const RISE_MIN = 5

/** Finds problems of the port that no single connection shows. */
export class PortAttention {
  readonly #table: Pick<ConnectionTable, 'problems'>
  readonly #reconnects = new Reconnects()
  readonly #flooding = new Flooding()
  readonly #fullQueue = new FullQueue()
  #counts: { at: number; count: number }[] = []
  #growing: PortProblem | null = null
  #problems = '[]'

  constructor(table: Pick<ConnectionTable, 'problems'>) {
    this.#table = table
  }

  /** Call it for each connection that was accepted or refused. @param address empty: unknown */
  opened(address: string, refused = false): void {
    this.#flooding.opened(address, refused)
  }

  /** Call it after each sample of the kernel. @param queue null: not known, or full because somebody has stopped accepting */
  sampled(queue: AcceptQueue | null, now: number): void {
    this.#fullQueue.sampled(queue, now)
  }

  /** Call it after each close. @param entry null: no longer kept */
  closed(entry: Entry | null): void {
    if (entry !== null) this.#reconnects.closed(entry)
  }

  /**
   * Call it about twice a second.
   * @param now Unix milliseconds
   * @returns null if nothing has changed
   */
  examine(now: number): PortProblem[] | null {
    if (now - (this.#counts.at(-1)?.at ?? -Infinity) >= COUNT_EVERY_MS) this.#count(now)
    // In this order: the first one updates which addresses flood.
    const flooding = this.#flooding.worst(now)
    const reconnecting = this.#reconnects.worst(now, (address) => this.#flooding.has(address))
    const all = [this.#fullQueue.problem(now), flooding, this.#growing, reconnecting]
    const problems = all.filter((problem) => problem !== null)
    const text = JSON.stringify(problems)
    if (text === this.#problems) return null
    this.#problems = text
    return problems
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    for (const one of this.#counts) one.at += ms
    if (this.#growing !== null) this.#growing = { ...this.#growing, since: this.#growing.since + ms }
    this.#reconnects.shift(ms)
    this.#flooding.shift(ms)
    this.#fullQueue.shift(ms)
  }

  #count(now: number): void {
    const counts = [...this.#counts, { at: now, count: this.#table.problems.get('not-closed') ?? 0 }].slice(-COUNTS)
    this.#counts = counts
    const [first] = counts
    const last = counts.at(-1)
    const falls = counts.some(({ count }, index) => count < (counts[index - 1]?.count ?? 0))
    if (
      first === undefined ||
      last === undefined ||
      counts.length < COUNTS ||
      falls ||
      last.count - first.count < RISE_MIN
    )
      this.#growing = null
    else {
      const { since, evidence } = this.#growing ?? { since: first.at, evidence: { before: first.count } }
      this.#growing = { code: 'not-closed-growing', since, evidence: { ...evidence, connections: last.count } }
    }
  }
}
