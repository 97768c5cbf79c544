import { createContext } from 'svelte'
import type { Action } from '../../shared/action.ts'
import type { ProblemCode } from '../../shared/diagnosis.ts'
import { lifeOf } from '../../shared/life.ts'
import type { Behavior, Change, RefusedChange } from '../../shared/stream.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'

/** How many events the page keeps. The oldest are dropped first. */
export const EVENTS_KEPT = 1_000

/** Dropped this many at a time, because each time copies the rest. */
const SLACK = 200

/** An event is placed before later ones only this far back, in milliseconds: beyond that, the server's clock was set. */
const LATE_MAX_MS = 60_000

export type PortEvent = { key: number; at: number } & (
  | { kind: 'accepted' | 'half-closed' | 'closed'; row: Row }
  | { kind: 'problem' | 'problem-over'; row: Row; code: ProblemCode }
  | { kind: 'action'; row: Row; action: Action }
  | { kind: 'refused'; row: null; remote: RefusedChange['remote']; why: RefusedChange['why'] }
  | { kind: 'behavior'; row: null; behavior: Behavior }
)
type NewEvent = PortEvent extends infer E ? (E extends PortEvent ? Omit<E, 'key'> : never) : never

/** What has been logged of a connection. */
interface Logged {
  halfClosed: boolean
  closed: boolean
  problem: ProblemCode | null
}

/** The table of connections. */
interface Source {
  rows(): Iterable<Row>
  get(id: number): Row | undefined
}

/** What has happened on the port, over all connections: the newest events, in order of time. */
export class EventLog implements TableObserver {
  /** How many events there were, kept or not. */
  total = 0
  #events: PortEvent[] = []
  #logged = new WeakMap<Row, Logged>()
  #source: Source
  /** The port's behavior; null: not known. */
  #behavior: Behavior | null = null
  /** The server's clock. */
  #clock: () => number

  constructor(source: Source, clock: () => number) {
    this.#source = source
    this.#clock = clock
    this.replaced()
  }

  /** Oldest first. */
  get events(): readonly PortEvent[] {
    return this.#events.slice(-EVENTS_KEPT)
  }

  changed(row: Row): void {
    const logged = this.#logged.get(row)
    if (logged === undefined) {
      // The kernel may still report a connection that closed before it was known.
      for (const event of eventsOf(row)) this.#push(event)
      this.#note(row)
      return
    }
    if (row.halfClosedAt !== null && !logged.halfClosed) this.#push({ kind: 'half-closed', at: row.halfClosedAt, row })
    const code = row.problem?.code ?? null
    if (code !== logged.problem && row.close === null) {
      // Another problem takes the place of the one before.
      if (row.problem !== null) this.#push({ kind: 'problem', at: row.problem.since, row, code: row.problem.code })
      else if (logged.problem !== null) {
        this.#push({ kind: 'problem-over', at: this.#clock(), row, code: logged.problem })
      }
    }
    if (row.close !== null && !logged.closed) this.#push({ kind: 'closed', at: row.close.at, row })
    this.#note(row)
  }

  removed(): void {}

  /** Takes what is no change of a row. Called after the table has applied the changes. */
  take(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'refused') {
        this.#push({ kind: 'refused', at: change.at, row: null, remote: change.remote, why: change.why })
      } else if (change.kind === 'action') {
        const row = this.#source.get(change.id)
        if (row) this.#push({ kind: 'action', at: change.action.at, row, action: change.action })
      }
    }
  }

  /** Notes the port's behavior. @param watched false: it may have changed before, at a time that the page does not know */
  port(behavior: Behavior | null, watched: boolean): void {
    if (watched && behavior !== null && this.#behavior !== null && behavior !== this.#behavior) {
      this.#push({ kind: 'behavior', at: this.#clock(), row: null, behavior })
    }
    this.#behavior = behavior
  }

  /**
   * Starts over from the records, which do not tell of refused connections, of the port and of past problems. Those are
   * kept.
   */
  replaced(): void {
    const before = this.#events.filter(({ row }) => row !== null && this.#source.get(row.id) === row)
    const kept = before.filter(({ kind }) => kind === 'problem' || kind === 'problem-over')
    const ofPort = before.length > 0 ? this.#events.filter(({ row }) => row === null) : []
    const events: NewEvent[] = [...kept, ...ofPort]
    for (const row of this.#source.rows()) {
      const known = this.#logged.get(row)?.problem ?? null
      events.push(...eventsOf(row, known))
      this.#note(row)
    }
    events.sort((a, b) => a.at - b.at)
    this.#events = []
    for (const event of events.slice(-EVENTS_KEPT)) this.#push(event)
  }

  #note(row: Row): void {
    this.#logged.set(row, {
      halfClosed: row.halfClosedAt !== null,
      closed: row.close !== null,
      problem: row.problem?.code ?? null,
    })
  }

  #push(event: NewEvent): void {
    let index = this.#events.length
    while (index > 0 && isLate(event, this.#events[index - 1])) index--
    this.#events.splice(index, 0, { ...event, key: ++this.total })
    if (this.#events.length > EVENTS_KEPT + SLACK) this.#events = this.#events.slice(-EVENTS_KEPT)
  }
}

/** Whether the event happened before one that the page heard of earlier. */
function isLate({ at }: NewEvent, other: PortEvent | undefined): boolean {
  return other !== undefined && at < other.at && other.at - at < LATE_MAX_MS
}

/** What a record tells of its connection's past. @param known the problem that has been logged already */
function eventsOf(row: Row, known: ProblemCode | null = null): NewEvent[] {
  const events: NewEvent[] = []
  for (const event of lifeOf(row)) {
    const { at } = event
    if (event.kind === 'accept') events.push({ kind: 'accepted', at, row })
    else if (event.kind === 'action') events.push({ kind: 'action', at, row, action: event.action })
    else if (event.kind === 'close') events.push({ kind: 'closed', at, row })
    else if (event.by === 'peer') events.push({ kind: 'half-closed', at, row })
  }
  const { problem } = row
  if (problem === null || problem.code === known) return events
  // A connection with a problem is live.
  return [...events, { kind: 'problem', at: problem.since, row, code: problem.code }]
}

export const [getEventLog, setEventLog] = createContext<EventLog>()
