import { changesOf, partFrame } from '../../server/http/stream/frames.ts'
import type { Hub, Reader, Sink, Topic } from '../../server/table/hub.ts'
import type { Part } from '../../server/table/job.ts'
import type { ConnectionTable } from '../../server/table/table.ts'
import type { Change, ServerFrame, SkippedChange } from '../../shared/stream.ts'
import { examineChange, examineFrame } from './frame-schema.ts'
import { ReaderTable } from './reader-table.ts'

/** A reader with a limited number of credits; each part uses one. */
abstract class CreditSink implements Sink {
  abstract readonly snapshots: boolean
  credits = 0
  parts = 0
  /** Announced topics other than connections. */
  readonly heard: Topic[] = []
  #reader: Reader | null = null

  join(hub: Hub, credits = Infinity): this {
    this.credits = credits
    this.#reader = hub.join(this)
    return this
  }

  leave(): void {
    this.#reader?.leave()
  }

  grant(credits: number): void {
    this.credits += credits
    this.#reader?.wake()
  }

  ready(): boolean {
    return this.credits > 0
  }

  deliver(part: Part, resync: boolean): void {
    if (this.credits <= 0) throw new Error('a part was given to a reader that is not ready')
    this.credits--
    this.parts++
    this.take(part, resync)
  }

  abstract take(part: Part, resync: boolean): void

  skipped(_count: number): void {}

  announced(topic: Topic): void {
    this.heard.push(topic)
  }
}

/** Handles parts like `/ws`, and the frames like a dashboard. */
export class DashboardReader extends CreditSink {
  readonly snapshots = true
  readonly held = new ReaderTable()
  readonly frames: Buffer[] = []
  readonly #table: ConnectionTable

  constructor(table: ConnectionTable) {
    super()
    this.#table = table
  }

  take(part: Part, resync: boolean): void {
    const frame = partFrame(part, this.#table, resync)
    this.frames.push(frame)
    const read = JSON.parse(frame.toString()) as ServerFrame
    examineFrame(read)
    this.held.apply(read)
  }
}

/** Handles parts like `/api/events`. */
export class EventsReader extends CreditSink {
  readonly snapshots = false
  readonly lines: (Change | SkippedChange)[] = []
  skippedCount = 0

  take(part: Part): void {
    for (const change of changesOf(part, null)) {
      const read = JSON.parse(JSON.stringify(change)) as Change
      examineChange(read)
      this.lines.push(read)
    }
  }

  override skipped(count: number): void {
    this.skippedCount += count
    this.lines.push({ kind: 'skipped', count })
  }

  ids(kind: 'accept' | 'close'): number[] {
    return this.lines.flatMap((line) => {
      if (line.kind !== kind) return []
      return [line.kind === 'accept' ? line.connection.id : line.id]
    })
  }
}
