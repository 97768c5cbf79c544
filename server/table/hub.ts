import { SNAPSHOT_CLOSED } from '../../shared/stream.ts'
import type { Entry } from './entry.ts'
import { type CountOfKinds, missedOf } from './closed-list.ts'
import { Job, type Part } from './job.ts'
import type { ConnectionTable } from './table.ts'

/** Extra closed records kept while a reader is in the middle of a job, since losing them would make the reader start over. */
const TRIM_SLACK = 2_000

/**
 * Facts that are no connection: all times, which move when the clock is set; the listening socket; the kernel's view of the
 * port; and the class. In the order in which they are announced.
 */
const TOPICS = ['times', 'listener', 'kernel', 'class'] as const
export type Topic = (typeof TOPICS)[number]

/** The receiving end of a reader. */
export interface Sink {
  /**
   * True: a reader that joins or falls too far behind gets a snapshot. False: it gets only later changes, and learns
   * how many it has missed.
   */
  readonly snapshots: boolean
  /** False while earlier data has not been sent yet. The reader gets nothing then, and must call `wake` afterwards. */
  ready(): boolean
  deliver(part: Part, resync: boolean): void
  /** Called when changes are lost for this reader. `count` is the number of connections, refusals and actions. */
  skipped(count: number): void
  /** Called when a topic has changed. Reads the current value, so values in between are skipped. */
  announced(topic: Topic): void
}

export interface Reader {
  wake(): void
  leave(): void
}

/**
 * Sends the table's changes to each reader at the reader's own pace. A reader is a cursor, that is, the last sequence
 * number it has seen. Data is read from the table only when the reader can take it, so nothing is queued, and the
 * memory per reader is constant.
 */
export class Hub {
  readonly #table: ConnectionTable
  readonly #cursors = new Set<Cursor>()
  /** Readers at the same sequence number share a job, and so its encoded frames. */
  readonly #jobs = new Map<string, Job>()
  /** How often each topic has been announced. */
  readonly announcements: Record<Topic, number> = { times: 0, listener: 0, kernel: 0, class: 0 }

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

  /** Must be called after each change of the table. */
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

  /** All times have moved: each reader gets a new snapshot. */
  startOver(): void {
    for (const cursor of this.#cursors) cursor.startOver()
    this.announce('times')
  }

  // For the cursors:

  get table(): ConnectionTable {
    return this.#table
  }

  has(cursor: Cursor): boolean {
    return this.#cursors.has(cursor)
  }

  snapshot(): Job {
    return this.#job('snapshot', () => [...this.#table.closedList.newest(SNAPSHOT_CLOSED), ...this.#table.live()], -1)
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
  /**
   * The last sequence number this reader has seen, null before its first snapshot, and the numbers of closes,
   * refusals and actions at that point.
   */
  #seq: number | null
  #closed: CountOfKinds
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
    this.#closed = { ...hub.table.closedList.closed }
    this.#refusals = hub.table.counters.refused
    this.#acted = hub.table.acted
    this.#heard = { ...hub.announcements }
  }

  get busy(): boolean {
    return this.#job !== null
  }

  /** Sends what the reader can take: one part, and the next one in a later turn of the event loop. */
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

  /**
   * Drops a job if the table has forgotten records closed after it. The reader would have a gap, and the job would
   * keep those records in memory.
   */
  forget(): void {
    const job = this.#job
    if (job === null || this.#hub.table.closedList.evictedSeq <= job.to) return
    if (this.#sink.snapshots) this.startOver()
    else {
      this.#sink.skipped(job.left(this.#next))
      this.#arrive(job)
    }
  }

  /** Sends a new snapshot next, to a reader that takes one. */
  startOver(): void {
    if (!this.#sink.snapshots) return
    this.#job = null
    this.#seq = null
    this.#resync = true
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
    if (table.closedList.evictedSeq > this.#seq && this.#sink.snapshots) {
      this.#resync = true
      return this.#hub.snapshot()
    }
    const job = this.#hub.changes(this.#seq)
    const closed = missedOf(this.#closed, job.evicted)
    const refused = job.refusals - this.#refusals - job.refusedListed
    const acted = job.acted === this.#acted ? 0 : job.acted - this.#acted - job.actionsListed
    const missed = closed + refused + acted
    if (missed > 0) this.#sink.skipped(missed)
    return job
  }
}
