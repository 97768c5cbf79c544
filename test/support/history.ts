import fc from 'fast-check'
import type { Action } from '../../shared/action.ts'
import type { Progress } from '../../shared/connection.ts'
import { NO_PROGRESS, packProgress } from '../../shared/record.ts'
import type { FactsMessage } from '../../server/listener/messages.ts'

/** One fact of a batch from the listener process. `pick` chooses among the connections that are live by then. */
export type Step =
  | { do: 'accept'; count: number }
  | {
      do: 'progress' | 'half-close' | 'fin' | 'reading' | 'guess' | 'close'
      pick: number
      count: number
      bytes: number
    }
  | { do: 'refuse'; count: number; unlisted: number }

type Live = Progress

/** Plays the listener process: turns steps into batches of facts, and remembers the expected result. */
export class TableHistory {
  readonly live = new Map<number, Live>()
  readonly closed = new Set<number>()
  refused = 0
  /** Refusals with a fact each. Their remote port is their number. */
  refusedTold = 0
  /** Accepts, data and closes so far. Each causes at most one change. */
  operations = 0
  /** Every action on each connection; `at` is the action's number. */
  readonly actions = new Map<number, Action[]>()
  acted = 0
  #nextId = 1
  #now = 1_000

  batch(steps: Step[]): FactsMessage {
    const message: FactsMessage = { type: 'facts', opened: [], progress: [], closed: [], refused: [], refusedCount: 0 }
    const told = new Set<number>()
    for (const step of steps) {
      this.#now++
      if (step.do === 'accept') for (let i = 0; i < step.count; i++) told.add(this.#accept(message))
      else if (step.do === 'refuse') this.#refuse(message, step.count, step.unlisted)
      else for (const id of this.#picked(step.pick, step.count)) told.add(this.#change(message, step, id))
    }
    // Like the outbox: one fact for each connection, with its totals at the time the batch is sent.
    for (const id of told) {
      message.progress.push([id, this.#now, packProgress(this.#totals.get(id) ?? NO_PROGRESS)])
      this.operations++
    }
    return message
  }

  act(id: number): Action {
    const done = { kind: 'send', bytes: 1, waiting: 0, behavior: null, code: null, kernel: null } as const
    const action: Action = { at: ++this.acted, ...done }
    this.operations++
    this.actions.set(id, [...(this.actions.get(id) ?? []), action])
    return action
  }

  /** The listener process died, which ends every connection. */
  died(): void {
    this.operations += this.live.size
    for (const id of this.live.keys()) this.closed.add(id)
    this.live.clear()
  }

  /** Total bytes of all connections, live and closed. */
  sum(key: 'bytesIn' | 'bytesOut'): number {
    return [...this.#totals.values()].reduce((sum, totals) => sum + totals[key], 0)
  }

  readonly #totals = new Map<number, Live>()

  #accept(message: FactsMessage): number {
    const id = this.#nextId++
    const connection = { ...NO_PROGRESS, bytesOut: 40, chunksOut: 1 }
    this.live.set(id, connection)
    this.#totals.set(id, connection)
    this.operations++
    message.opened.push([id, 20 + (id % 100), this.#now, '127.0.0.1', '127.0.0.1', 10_000 + (id % 50_000), 0])
    return id
  }

  #change(message: FactsMessage, step: Extract<Step, { pick: number }>, id: number): number {
    const connection = this.live.get(id)
    if (connection === undefined) throw new Error(`${id} is not live`)
    connection.bytesIn += step.bytes
    connection.bytesOut += step.bytes
    connection.chunksIn++
    connection.chunksOut++
    if (step.do === 'half-close') connection.halfClosedAt ??= this.#now
    if (step.do === 'fin') connection.finSentAt ??= this.#now
    if (step.do === 'reading') connection.readingPaused = !connection.readingPaused
    if (step.do === 'guess')
      connection.protocol = { name: 'TLS', serverName: step.bytes === 0 ? null : `h${step.bytes}.example` }
    if (step.do === 'close') {
      this.live.delete(id)
      this.closed.add(id)
      this.operations++
      message.closed.push([id, this.#now, 'peer', 'fin', null, null, false])
    }
    return id
  }

  #refuse(message: FactsMessage, count: number, unlisted: number): void {
    for (let i = 0; i < count; i++) {
      message.refused.push([this.#now, 'max-connections', '127.0.0.1', '127.0.0.1', ++this.refusedTold])
    }
    this.refused += count + unlisted
    message.refusedCount += count + unlisted
  }

  #picked(pick: number, count: number): number[] {
    const ids = [...this.live.keys()]
    const start = Math.floor(pick * ids.length)
    return ids.slice(start, start + count)
  }
}

/** Random steps that touch `count` connections each. */
export function steps(count: fc.Arbitrary<number>): fc.Arbitrary<Step[]> {
  const pick = fc.double({ min: 0, max: 0.999, noNaN: true })
  const change = fc.constantFrom('progress', 'half-close', 'fin', 'reading', 'guess', 'close')
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: fc.constant('accept' as const), count }),
    fc.record({ do: change, pick, count, bytes: fc.integer({ min: 0, max: 70_000 }) }),
    fc.record({
      do: fc.constant('refuse' as const),
      count: fc.integer({ min: 0, max: 3 }),
      unlisted: fc.integer({ min: 0, max: 2 }),
    }),
  )
  return fc.array(step, { maxLength: 6 })
}
