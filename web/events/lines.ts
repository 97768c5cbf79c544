import { foldKey, isOfConnections, type NewEvent, type Part, partOf, type PortEvent } from './event.ts'

/** How many lines of each part are kept. The oldest are dropped first. */
export const LINES_KEPT: Record<Part, number> = { connections: 5_000, findings: 500, port: 500 }

/** How many of its newest events a line that stands for many still has. */
export const FOLDED_KEPT = 20

/** As many equal events in quick succession become one line. Fewer are easier to read one by one. */
export const FOLD_FROM = 5

/** The longest pause between equal events of one line, in milliseconds. */
export const FOLD_GAP_MS = 2_000

/** A line ends after this long, in milliseconds. The next one is placed at its own time, among what happened then. */
export const FOLD_SPAN_MS = 60_000

/** Successions that are watched at a time. */
const RUNS_MAX = 2_000

/** An event is placed before later ones only this far back, in milliseconds: beyond that, the server's clock was set. */
const LATE_MAX_MS = 60_000

/** A line of the log: one event, or many equal ones, or a flood and what belongs to it. */
export interface Line {
  readonly key: number
  /** Of the first event. */
  readonly at: number
  /** Of the last event. */
  until: number
  /** How many events it stands for. */
  count: number
  /** The first event, or the flood. */
  event: PortEvent
  /** The newest of its events, oldest first. A flood is none of them. */
  kept: PortEvent[]
}

/** Equal events in quick succession: lines of their own, or one line for all. */
interface Run {
  lines: Line[]
  at: number
  lastAt: number
  folded: boolean
}

/** The lines of the log in order of time. Each part is bounded, and what it drops is counted. */
export class Lines {
  /** How many events there were, kept or not. */
  total = 0
  /** Increases with each change. */
  revision = 0
  /** How many events of each part are in no line any more. */
  readonly dropped: Record<Part, number> = { connections: 0, findings: 0, port: 0 }
  #lines: Line[] = []
  readonly #present = new Set<Line>()
  readonly #sizes: Record<Part, number> = { connections: 0, findings: 0, port: 0 }
  readonly #runs = new Map<string, Run>()
  /** The line of each event that is looked up later. A flood of connections has too many others. */
  #lineOf = new WeakMap<PortEvent, Line>()

  readonly #limits: Record<Part, number>

  constructor(limits: Record<Part, number> = LINES_KEPT) {
    this.#limits = limits
  }

  /** Copies that no longer change, oldest first. */
  copy(): Line[] {
    return this.#lines.map((line) => ({ ...line, kept: [...line.kept] }))
  }

  /** @param lateMax how far before later events it may be placed, in milliseconds */
  add(event: NewEvent, lateMax = LATE_MAX_MS): PortEvent {
    const added: PortEvent = { ...event, key: ++this.total }
    this.#place(added, lateMax)
    return added
  }

  /** Adds the event to a line that is there. */
  addTo(line: Line, event: NewEvent): PortEvent {
    const added: PortEvent = { ...event, key: ++this.total }
    this.#join(line, added)
    return added
  }

  /** Moves lines of connections into another line: those whose newest event belongs there. */
  gather(into: Line, belongs: (event: PortEvent) => boolean): void {
    const found = this.#lines.filter(({ event, kept }) => isOfConnections(event) && belongs(kept.at(-1) ?? event))
    for (const line of found) {
      this.#remove(line)
      into.count += line.count
      into.kept.push(...line.kept)
      for (const event of line.kept) this.#remember(event, into)
    }
    into.kept = into.kept.toSorted((a, b) => a.at - b.at).slice(-FOLDED_KEPT)
    this.revision++
  }

  /** Puts another event in the place of one that was not as it seemed. */
  replace(event: PortEvent, by: NewEvent): PortEvent {
    const replaced: PortEvent = { ...by, key: event.key }
    const line = this.#lineOf.get(event)
    if (line === undefined || !this.#has(line)) return replaced
    if (line.event.kind === 'flood') {
      line.kept = line.kept.map((kept) => (kept === event ? replaced : kept))
      this.#lineOf.set(replaced, line)
      this.revision++
      return replaced
    }
    line.count--
    line.kept = line.kept.filter((kept) => kept !== event)
    if (line.count === 0) this.#remove(line)
    this.#place(replaced, LATE_MAX_MS)
    return replaced
  }

  /** The line of an event; null: dropped. */
  lineOf(event: PortEvent): Line | null {
    const line = this.#lineOf.get(event)
    return line !== undefined && this.#has(line) ? line : null
  }

  /** Notes that the event of a line has changed. */
  touch(): void {
    this.revision++
  }

  /** The server was restarted. What is logged from now on comes after these lines, and joins none of them. */
  endRun(): void {
    for (const line of this.#lines) {
      line.event = { ...line.event, past: true }
      line.kept = line.kept.map((event) => ({ ...event, past: true }))
    }
    this.#runs.clear()
    this.#lineOf = new WeakMap()
    this.revision++
  }

  #place(event: PortEvent, lateMax: number): void {
    const key = foldKey(event)
    const run = key === null ? null : this.#runOf(key, event)
    const folded = run?.folded ? run.lines[0] : undefined
    if (folded) this.#join(folded, event)
    else {
      const line: Line = { key: event.key, at: event.at, until: event.at, count: 1, event, kept: [event] }
      if (event.kind === 'flood') line.kept = []
      this.#insert(line, lateMax)
      this.#remember(event, line)
      if (run) this.#lengthen(run, line)
    }
    this.revision++
  }

  /** The succession that the event continues, or begins. */
  #runOf(key: string, { at }: PortEvent): Run {
    let run = this.#runs.get(key)
    const ended = run === undefined || Math.abs(at - run.lastAt) > FOLD_GAP_MS || Math.abs(at - run.at) > FOLD_SPAN_MS
    if (run !== undefined) run.lines = run.lines.filter((line) => this.#has(line))
    if (run === undefined || ended || run.lines.length === 0) {
      // What is forgotten begins again, on a line of its own.
      if (this.#runs.size >= RUNS_MAX) this.#runs.clear()
      run = { lines: [], at, lastAt: at, folded: false }
      this.#runs.set(key, run)
    }
    run.lastAt = Math.max(run.lastAt, at)
    return run
  }

  #lengthen(run: Run, line: Line): void {
    // The new line may have pushed out the first ones.
    run.lines = [...run.lines, line].filter((one) => this.#has(one))
    if (run.lines.length < FOLD_FROM) return
    const [first, ...rest] = run.lines.toSorted((a, b) => a.at - b.at)
    if (!first) return
    for (const other of rest) {
      this.#remove(other)
      this.#join(first, other.event)
    }
    run.lines = [first]
    run.folded = true
  }

  #join(line: Line, event: PortEvent): void {
    line.count++
    line.until = Math.max(line.until, event.at)
    line.kept.push(event)
    if (line.kept.length > FOLDED_KEPT) line.kept.shift()
    this.#remember(event, line)
    this.revision++
  }

  #insert(line: Line, lateMax: number): void {
    let index = this.#lines.length
    while (index > 0 && isLate(line, this.#lines[index - 1], lateMax)) index--
    this.#lines.splice(index, 0, line)
    this.#present.add(line)
    const part = partOf(line.event)
    this.#sizes[part]++
    this.#bound(part)
  }

  #bound(part: Part): void {
    if (this.#sizes[part] <= this.#limits[part]) return
    const oldest = this.#lines.find(({ event }) => partOf(event) === part && !isGoingOn(event))
    if (!oldest) return
    this.#remove(oldest)
    this.dropped[part] += oldest.count
  }

  #remember(event: PortEvent, line: Line): void {
    if (event.kind === 'closed' || event.kind === 'flood') this.#lineOf.set(event, line)
  }

  #has(line: Line): boolean {
    return this.#present.has(line)
  }

  #remove(line: Line): void {
    this.#lines.splice(this.#lines.indexOf(line), 1)
    this.#sizes[partOf(line.event)]--
    this.#present.delete(line)
  }
}

/** Whether the line's event happened before one that the page heard of earlier. */
function isLate({ at }: Line, other: Line | undefined, lateMax: number): boolean {
  return other !== undefined && !other.event.past && at < other.at && other.at - at < lateMax
}

/** A flood that has not ended still gets events. */
function isGoingOn(event: PortEvent): boolean {
  return event.kind === 'flood' && event.flood.over === null
}
