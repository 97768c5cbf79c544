import { createContext } from 'svelte'
import type { ProblemCode } from '../../shared/diagnosis.ts'
import { lifeOf } from '../../shared/life.ts'
import type { Change, Listener } from '../../shared/stream.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'
import { addressOf, foldKey, isOfConnections, type NewEvent, type Part, type PortEvent } from './event.ts'
import { type Flood, Floods, isOf, sinceOf } from './floods.ts'
import { type Line, Lines } from './lines.ts'
import { PastFlood } from './past-flood.svelte.ts'
import { newsBetween, type PortNews } from './port-news.ts'

/** What has been logged of a connection. */
interface Logged {
  halfClosed: boolean
  closed: PortEvent | null
  problem: ProblemCode | undefined
  /** The newest action, in milliseconds after the accept: the server's clock may be set. */
  actedAfter: number
}

/** The table of connections. */
interface Source {
  rows(): Iterable<Row>
  get(id: number): Row | undefined
}

/**
 * What has happened on the port, over all connections: the newest lines, in order of time. The page begins it with what the
 * records of the server tell.
 */
export class EventLog implements TableObserver {
  /** The page's first report, by the server's clock. */
  since: number | null = null
  readonly pastFlood = new PastFlood()
  readonly #lines = new Lines()
  readonly #floods = new Floods()
  readonly #eventOf = new WeakMap<Flood, PortEvent>()
  readonly #logged = new WeakMap<Row, Logged>()
  /** Rows of connections that closed before the log begins and were loaded later. */
  readonly #older = new WeakSet<Row>()
  readonly #source: Source
  #instance: string | null = null
  #listener: Listener | null = null
  /** The server's clock. */
  readonly #clock: () => number

  constructor(source: Source, clock: () => number) {
    this.#source = source
    this.#clock = clock
  }

  /** How many events there were, kept or not. */
  get total(): number {
    return this.#lines.total
  }

  /** Increases with each change. */
  get revision(): number {
    return this.#lines.revision
  }

  /** How many events of each part are no longer kept. */
  get dropped(): Readonly<Record<Part, number>> {
    return this.#lines.dropped
  }

  /** Copies that no longer change, oldest first. */
  lines(): Line[] {
    return this.#lines.copy()
  }

  changed(row: Row): void {
    this.#logNewOf([row])
  }

  removed(): void {}

  /** Takes what the records tell beyond what is logged. They do not tell of refused clients, of the port and of past problems. */
  replaced(): void {
    // The records are in no order, and older than what the page has heard of the port.
    this.#logNewOf(this.#source.rows(), Infinity)
  }

  /** The past of these is not logged: their events would come in blocks that the log would fold and drop as if they were new. */
  took(rows: readonly Row[]): void {
    for (const row of rows) this.#older.add(row)
  }

  /** Takes what is no change of a row. Called after the table has applied the changes. */
  take(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.kind === 'refused') {
        this.#log({ kind: 'refused', at: change.at, row: null, remote: change.remote, why: change.why })
      } else if (change.kind === 'action') {
        const row = this.#source.get(change.id)
        if (!row) continue
        this.#log({ kind: 'action', at: change.action.at, row, action: change.action })
        this.#note(row)
      }
    }
  }

  /** Takes the first report after the link came up. @param lostAt when it was lost; null: it is the page's first */
  greet(instance: string, listener: Listener, lostAt: number | null): void {
    const now = this.#clock()
    this.since ??= now
    const before = this.#instance
    if (instance !== this.#instance) this.#begin(instance, lostAt ?? now)
    else if (lostAt !== null) this.#logPort({ what: 'gap', until: now }, lostAt)
    this.#recall(listener, instance === before ? lostAt : null)
    this.#report(listener, false)
  }

  /** Takes a report of the listening socket that followed the one before. */
  port(listener: Listener): void {
    this.#report(listener, true)
  }

  /** Another run of the server: its ids start again, so the lines of the one before lead nowhere. */
  #begin(instance: string, lostAt: number): void {
    if (this.#instance !== null) {
      const flood = this.#floods.take([], false)
      if (flood !== null) this.#logFlood(flood)
      const news: PortNews = { what: 'server-restarted', until: this.#clock() }
      // After all lines of that run, whatever the page's idea of the server's clock was.
      this.#lines.add({ kind: 'port', at: lostAt, row: null, news }, 0)
      this.#lines.endRun()
      this.#floods.clear()
    }
    this.#instance = instance
    this.#listener = null
  }

  /** Logs the problems of the port that this page has missed. @param from since then it had no link; null: it never had one */
  #recall({ pastProblems, problems: current }: Listener, from: number | null): void {
    const missed = pastProblems.filter(({ since }) => from === null || since > from)
    for (const [index, problem] of missed.entries()) {
      const { since, endedAt = since } = problem
      if (problem.code !== 'flooding') {
        this.#logPort({ what: 'problem', problem }, since)
        this.#logPort({ what: 'problem-over', problem }, endedAt)
        continue
      }
      // The server names one address at a time, so one flood may be several problems.
      const later = [...missed.slice(index + 1), ...current]
      const goesOn = later.some((next) => next.code === 'flooding' && next.since <= endedAt)
      for (const problems of goesOn ? [[problem]] : [[problem], []]) {
        const flood = this.#floods.take(problems, true)
        if (flood !== null) this.#logFlood(flood)
      }
    }
  }

  #report(listener: Listener, watched: boolean): void {
    const before = this.#listener ?? { ...listener, problems: [] }
    this.#listener = listener
    for (const news of newsBetween(before, listener)) {
      if (news.what === 'problem') this.#logPort(news, news.problem.since)
      else this.#logPort(news, this.#clock())
    }
    const flood = this.#floods.take(listener.problems, watched)
    if (flood !== null) this.#logFlood(flood)
  }

  #logPort(news: PortNews, at: number): void {
    // The server dates a problem back to its beginning.
    this.#lines.add({ kind: 'port', at, row: null, news }, Infinity)
  }

  #logFlood(flood: Flood): void {
    this.pastFlood.take(flood)
    let event = this.#eventOf.get(flood)
    if (event === undefined) {
      event = this.#lines.add({ kind: 'flood', at: sinceOf(flood), row: null, flood }, Infinity)
      this.#eventOf.set(flood, event)
    }
    const line = this.#lines.lineOf(event)
    // The server takes some seconds to judge. What was logged meanwhile moves into the flood's line, with what a folded line
    // has from before: a flood that grows slowly would otherwise be several lines.
    if (line !== null) this.#lines.gather(line, (other) => isOf(flood, addressOf(other) ?? '', bornAt(other)))
  }

  #logNewOf(rows: Iterable<Row>, lateMax?: number): void {
    const events: NewEvent[] = []
    for (const row of rows) {
      if (this.#older.has(row)) continue
      const logged = this.#logged.get(row)
      // The kernel may still report a connection that closed before it was known.
      events.push(...(logged === undefined ? eventsOf(row) : this.#eventsSince(row, logged)))
      this.#note(row)
    }
    for (const event of events.toSorted((a, b) => a.at - b.at)) this.#log(event, lateMax)
  }

  /** What has happened to a connection since it was last looked at. */
  #eventsSince(row: Row, logged: Logged): NewEvent[] {
    const events: NewEvent[] = []
    if (row.halfClosedAt !== null && !logged.halfClosed) events.push({ kind: 'half-closed', at: row.halfClosedAt, row })
    for (const action of row.actions) {
      if (action.at - row.openedAt > logged.actedAfter) events.push({ kind: 'action', at: action.at, row, action })
    }
    const { problem, close } = row
    if (close === null && problem?.code !== logged.problem) {
      // Another problem takes the place of the one before.
      if (problem !== null) events.push({ kind: 'problem', at: problem.since, row, code: problem.code })
      else if (logged.problem !== undefined) {
        events.push({ kind: 'problem-over', at: this.#clock(), row, code: logged.problem })
      }
    }
    if (close === null) return events
    const told = logged.closed?.kind === 'closed' ? logged.closed.problem : (logged.problem ?? null)
    const closed: NewEvent = { kind: 'closed', at: close.at, row, close, problem: told }
    if (logged.closed === null) events.push(closed)
    else if (foldKey(closed) !== foldKey(logged.closed)) logged.closed = this.#lines.replace(logged.closed, closed)
    return events
  }

  #note(row: Row): void {
    let logged = this.#logged.get(row)
    if (logged === undefined) {
      logged = { halfClosed: false, closed: null, problem: undefined, actedAfter: -1 }
      this.#logged.set(row, logged)
    }
    const acted = row.actions.at(-1)
    logged.halfClosed = row.halfClosedAt !== null
    logged.problem = row.problem?.code
    if (acted !== undefined) logged.actedAfter = acted.at - row.openedAt
  }

  #log(event: NewEvent, lateMax?: number): void {
    const flood = isOfConnections(event) ? this.#floods.of(addressOf(event), bornAt(event)) : null
    const opened = flood && this.#eventOf.get(flood)
    const line = opened && this.#lines.lineOf(opened)
    const added = line ? this.#lines.addTo(line, event) : this.#lines.add(event, lateMax)
    const logged = event.kind === 'closed' ? this.#logged.get(event.row) : undefined
    if (logged) logged.closed = added
  }
}

/** When the connection of the event was accepted or refused. */
function bornAt(event: NewEvent): number {
  return event.row?.openedAt ?? event.at
}

/** What a record tells of its connection's past. */
function eventsOf(row: Row): NewEvent[] {
  const events: NewEvent[] = []
  for (const event of lifeOf(row)) {
    const { at } = event
    if (event.kind === 'accept') events.push({ kind: 'accepted', at, row })
    else if (event.kind === 'action') events.push({ kind: 'action', at, row, action: event.action })
    else if (event.kind === 'close') events.push({ kind: 'closed', at, row, close: event.close, problem: null })
    else if (event.by === 'peer') events.push({ kind: 'half-closed', at, row })
  }
  // A connection with a problem is live.
  const { problem } = row
  return problem === null ? events : [...events, { kind: 'problem', at: problem.since, row, code: problem.code }]
}

export const [getEventLog, setEventLog] = createContext<EventLog>()
