import { SNAPSHOT_CLOSED } from '../../shared/stream.ts'
import type { Entry } from './entry.ts'
import { Job, type Part } from './job.ts'
import type { ConnectionTable } from './table.ts'

/** Closed records kept over the limit while a reader is in the middle of its parts: without them it would start again. */
const TRIM_SLACK = 2_000

/** What is told beside the connections: the listening socket's own facts, and the kernel's view of the port. */
export type Topic = 'listener' | 'kernel'

const TOPICS: readonly Topic[] = ['listener', 'kernel']

/** Where a reader's parts go. */
export interface Sink {
  /** Whether a reader that joins or falls too far behind gets the whole table, or only what comes from then on. */
  readonly snapshots: boolean
  /** False while what it got has not left yet: it is passed over, and calls `wake` when it has. */
  ready(): boolean
  deliver(part: Part, resync: boolean): void
  /** So many connections have changes, and so many refusals and actions came, that it will never see. */
  skipped(count: number): void
  /** Something beside the connections is new: the reader gets it as it is now. */
  announced(topic: Topic): void
}

export interface Reader {
  wake(): void
  leave(): void
}

/**
 * Gives every reader the table's changes at the reader's own speed. A reader is a cursor: the sequence number it has seen.
 * What it gets is read from the table when it can take it, so nothing queues up and memory per reader does not grow.
 */
export class Hub {
  readonly #table: ConnectionTable
  readonly #cursors = new Set<Cursor>()
  /** Readers that stand at the same place share one job, and with it the encoded frames. */
  readonly #jobs = new Map<string, Job>()
  /** How often each topic has been announced. */
  readonly announcements: Record<Topic, number> = { listener: 0, kernel: 0 }

  constructor(table: ConnectionTable) {
    this.#table = table
  }

  get readers(): number {
    return this.#cursors.size
  }

  join(sink: Sink): Reader {
    const cursor = new Cursor(this, sink, sink.snapshots ? null : this.#table.seq)
    this.#cursors.add(cursor)
    cursor.pump()
    return { wake: () => cursor.pump(), leave: () => this.#cursors.delete(cursor) }
  }

  /** Called after every change of the table. */
  flush(): void {
    this.#jobs.clear()
    for (const cursor of this.#cursors) cursor.pump()
    const busy = [...this.#cursors].some((cursor) => cursor.busy)
    this.#table.trim(busy ? TRIM_SLACK : 0)
    for (const cursor of this.#cursors) cursor.forget()
  }

  announce(topic: Topic): void {
    this.announcements[topic]++
    this.flush()
  }

  // For its cursors:

  get table(): ConnectionTable {
    return this.#table
  }

  has(cursor: Cursor): boolean {
    return this.#cursors.has(cursor)
  }

  snapshot(): Job {
    return this.#job('snapshot', () => [...this.#table.newestClosed(SNAPSHOT_CLOSED), ...this.#table.live()], -1)
  }

  changes(from: number): Job {
    return this.#job('changes', () => this.#table.changedSince(from), from)
  }

  #job(kind: Part['kind'], entries: () => Entry[], from: number): Job {
    const key = `${kind} ${from}`
    let job = this.#jobs.get(key)
    if (job === undefined) {
      const refused = kind === 'changes' ? this.#table.refusedSince(from) : []
      job = new Job(kind, from, this.#table, entries(), refused)
      this.#jobs.set(key, job)
    }
    return job
  }
}

class Cursor {
  readonly #hub: Hub
  readonly #sink: Sink
  /** The sequence number this reader has seen, null before its first snapshot; and how many closes, refusals and actions that is. */
  #seq: number | null
  #closed: number
  #refusals: number
  #acted: number
  readonly #heard: Record<Topic, number>
  #job: Job | null = null
  #next = 0
  #resync = false
  #scheduled = false

  constructor(hub: Hub, sink: Sink, seq: number | null) {
    this.#hub = hub
    this.#sink = sink
    this.#seq = seq
    this.#closed = hub.table.counters.closed
    this.#refusals = hub.table.counters.refused
    this.#acted = hub.table.acted
    this.#heard = { ...hub.announcements }
  }

  get busy(): boolean {
    return this.#job !== null
  }

  /** Gives the reader what it can take now: one part, and the next one after the event loop's turn. */
  pump(): void {
    if (this.#scheduled || !this.#hub.has(this) || !this.#sink.ready()) return
    for (const topic of TOPICS) {
      if (this.#heard[topic] === this.#hub.announcements[topic]) continue
      this.#heard[topic] = this.#hub.announcements[topic]
      this.#sink.announced(topic)
    }
    this.forget()
    this.#job ??= this.#nextJob()
    if (this.#job === null) return
    this.#sink.deliver(this.#job.part(this.#next++), this.#resync)
    if (this.#next === this.#job.parts) {
      this.#arrive(this.#job)
      this.#resync = false
    }
    if (this.#job === null && this.#seq === this.#hub.table.seq) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.pump()
    })
  }

  /** Lets go of a job after which changes would be missing: it cannot end well, and it keeps dead records alive. */
  forget(): void {
    const job = this.#job
    if (job === null || this.#hub.table.evictedSeq <= job.to) return
    if (this.#sink.snapshots) {
      this.#job = null
      this.#seq = null
      this.#resync = true
    } else {
      this.#sink.skipped(job.left(this.#next))
      this.#arrive(job)
    }
  }

  #arrive(job: Job): void {
    this.#seq = job.to
    this.#closed = job.closed
    this.#refusals = job.refusals
    this.#acted = job.acted
    this.#job = null
  }

  #nextJob(): Job | null {
    this.#next = 0
    const { table } = this.#hub
    if (this.#seq === null) return this.#hub.snapshot()
    if (this.#seq === table.seq) return null
    if (table.evictedSeq > this.#seq && this.#sink.snapshots) {
      this.#resync = true
      return this.#hub.snapshot()
    }
    const job = this.#hub.changes(this.#seq)
    // Closes are forgotten in the order they came, so their number tells how many this reader has missed.
    const closed = Math.max(0, job.evicted - this.#closed)
    const refused = job.refusals - this.#refusals - job.refusedTold
    const acted = job.acted === this.#acted ? 0 : job.acted - this.#acted - job.actionsTold
    const missed = closed + refused + acted
    if (missed > 0) this.#sink.skipped(missed)
    return job
  }
}
