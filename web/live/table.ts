import { createContext } from 'svelte'
import type { Connection } from '../../shared/connection.ts'
import { isUnknownEndpoint } from '../../shared/endpoint.ts'
import type { ChangesFrame, SnapshotFrame } from '../../shared/stream.ts'
import { isNotable, NOTABLE_SHARE } from '../../shared/notable.ts'
import { Lacking } from './lacking.ts'
import { LateChanges } from './late-changes.ts'
import { Row } from './row.ts'

/** How many closed connections the page keeps. The oldest are dropped first, but notable ones have a share of their own. */
export const CLOSED_KEPT = 10_000

/** Gets each row whose place in a list may have changed. */
export interface TableObserver {
  changed(row: Row): void
  removed(row: Row): void
  /** All rows may have changed. */
  replaced(): void
  /** Older closed rows were added, on request. Without it, `replaced` is called. */
  took?(rows: readonly Row[]): void
}

/**
 * The server's table as this page knows it. Frames change the rows in place, so the cost of a frame does not depend
 * on the number of rows, and a hidden tab needs no queue.
 */
export class Table {
  readonly live = new Map<number, Row>()
  /** Ordered by the time of closing. */
  readonly closed = new Map<number, Row>()
  /** Those of `closed` that ended in order, as known when they closed: they are dropped first. */
  readonly #orderly = new Map<number, Row>()
  readonly #lacking = new Lacking()
  /** How many changes have been applied. */
  changes = 0
  /** How many live connections each remote address has. */
  readonly remotes = new Map<string, number>()
  #observers = new Set<TableObserver>()
  #closedKept: number
  /** Rows of an incomplete snapshot. */
  #staged: Connection[] | null = null
  #instance: string | null = null
  #sameInstance = false
  /** For each request whose records have not arrived. */
  readonly #awaited = new Set<LateChanges>()

  constructor(closedKept = CLOSED_KEPT) {
    this.#closedKept = closedKept
  }

  /** @returns a function that removes the observer */
  observe(observer: TableObserver): () => void {
    this.#observers.add(observer)
    return () => this.#observers.delete(observer)
  }

  #tell(what: 'changed' | 'removed', row: Row): void {
    for (const observer of this.#observers) observer[what](row)
  }

  /** Whether the page has as many closed connections as it keeps. */
  get full(): boolean {
    return this.closed.size >= this.#closedKept
  }

  /** How many closed connections are not in `closed`: it dropped them, or never got them. */
  get notKept(): number {
    return this.#lacking.count
  }

  /** How many of these the server keeps; null if it may keep some. @param keeps --closed-kept */
  older(keeps: number): number | null {
    return this.#lacking.older(keeps, this.closed.size)
  }

  get(id: number): Row | undefined {
    return this.live.get(id) ?? this.closed.get(id)
  }

  *rows(): IterableIterator<Row> {
    yield* this.closed.values()
    yield* this.live.values()
  }

  /** Prepares for the snapshot of a new feed. Another instance means that the server has restarted and its ids start again. */
  begin(instance: string): void {
    this.#sameInstance = instance === this.#instance
    this.#instance = instance
    this.#staged = []
    this.#awaited.clear()
  }

  /** @returns true when the snapshot is complete and the table has been replaced by it */
  applySnapshot(frame: SnapshotFrame): boolean {
    if (frame.resync) {
      this.#sameInstance = true
      this.#staged = []
    }
    this.#staged ??= []
    for (const connection of frame.connections) this.#staged.push(connection)
    if (!frame.last) return false
    const sent = this.#staged.filter(({ close }) => close !== null).length
    this.#replace(this.#staged)
    this.#staged = null
    // The changes between the request and the snapshot will not come.
    this.#awaited.clear()
    this.#lacking.replaced(frame.counters.closed, this.closed.size, sent, this.#sameInstance)
    return true
  }

  /** Call it before requesting closed connections from the server, and afterwards `take` or `dismiss`. */
  awaitRecords(): LateChanges {
    const late = new LateChanges()
    this.#awaited.add(late)
    return late
  }

  dismiss(late: LateChanges): void {
    this.#awaited.delete(late)
  }

  /**
   * Adds the closed connections that the page lacks. Of those that it has, the rows are newer; those that closed after all of them
   * are still to come in a frame.
   * @param late what `awaitRecords` returned before the request
   * @returns the new rows; null if a snapshot came meanwhile, and the records may be outdated or of another run of the server
   */
  take(late: LateChanges, connections: readonly Connection[]): Row[] | null {
    if (!this.#awaited.delete(late) || late.overflowed) return null
    let newest = -Infinity
    for (const { close } of this.closed.values()) newest = Math.max(newest, close?.at ?? 0)
    const rows: Row[] = []
    for (const connection of connections) {
      if (connection.close === null || connection.close.at > newest || this.get(connection.id)) continue
      const row = new Row(connection)
      late.applyTo(row)
      rows.push(row)
    }
    if (rows.length === 0) return rows
    const before = this.closed.size
    this.#setClosed([...this.closed.values(), ...rows])
    this.#lacking.gained(this.closed.size - before)
    for (const observer of this.#observers) {
      if (observer.took) observer.took(rows)
      else observer.replaced()
    }
    return rows
  }

  /** All closed connections that the server keeps have been taken. */
  tookAll(): void {
    this.#lacking.gotAll()
  }

  /** @param now the server's clock, Unix milliseconds */
  applyChanges(frame: ChangesFrame, now = Date.now()): void {
    for (const change of frame.changes) {
      // What was sampled is not counted: it arrives with every sample, even if nothing has happened to the
      // connections.
      if (change.kind !== 'kernel' && change.kind !== 'other-end') this.changes++
      switch (change.kind) {
        case 'accept':
          this.#add(change.connection)
          break
        case 'data': {
          const row = this.live.get(change.id)
          if (!row) break
          row.update(change.at, change)
          row.lastActivityAt = change.at
          row.state = change.state
          this.#tell('changed', row)
          break
        }
        case 'close': {
          const row = this.live.get(change.id)
          if (!row) {
            this.#countEarly(change.id)
            break
          }
          row.update(change.at, change)
          row.lastActivityAt = change.lastActivityAt
          row.end(change.close)
          this.#removeLive(row)
          this.#keepClosed(row)
          this.#tell('changed', row)
          break
        }
        case 'evidence':
        case 'kernel':
        case 'other-end':
        case 'action': {
          const row = this.get(change.id)
          if (row === undefined) for (const late of this.#awaited) late.note(change, now)
          else if (row.take(change, now)) this.#tell('changed', row)
          break
        }
        case 'problem': {
          const row = this.live.get(change.id)
          if (!row) break
          row.applyProblem(change.problem)
          this.#tell('changed', row)
          break
        }
        case 'refused':
          break
      }
    }
    this.#lacking.counted(frame.counters.closed, this.closed.size)
  }

  #add(connection: Connection): void {
    if (this.get(connection.id)) {
      if (connection.close !== null) this.#countEarly(connection.id)
      return
    }
    const row = new Row(connection)
    if (row.close) this.#keepClosed(row)
    else this.#addLive(row)
    this.#tell('changed', row)
  }

  /** The record of this close was taken before its change came, as if it were one of those that the page lacks. */
  #countEarly(id: number): void {
    if (this.closed.has(id)) this.#lacking.gained(-1)
  }

  #addLive(row: Row): void {
    this.live.set(row.id, row)
    if (!isUnknownEndpoint(row.remote)) {
      this.remotes.set(row.remote.address, (this.remotes.get(row.remote.address) ?? 0) + 1)
    }
  }

  #removeLive(row: Row): void {
    this.live.delete(row.id)
    const left = (this.remotes.get(row.remote.address) ?? 0) - 1
    if (left > 0) this.remotes.set(row.remote.address, left)
    else this.remotes.delete(row.remote.address)
  }

  #keepClosed(row: Row): void {
    const dropped = this.#push(row)
    if (dropped === null) return
    this.#lacking.gained(-1)
    this.#tell('removed', dropped)
  }

  /** @returns the row that has to go for it; null: there was room */
  #push(row: Row): Row | null {
    this.closed.set(row.id, row)
    if (row.close !== null && !isNotable(row.close)) this.#orderly.set(row.id, row)
    if (this.closed.size <= this.#closedKept) return null
    const notable = this.closed.size - this.#orderly.size
    const spared = this.#orderly.size > 0 && notable <= this.#closedKept * NOTABLE_SHARE
    const [oldest = null] = (spared ? this.#orderly : this.closed).values()
    if (oldest === null) return null
    this.closed.delete(oldest.id)
    this.#orderly.delete(oldest.id)
    return oldest
  }

  /**
   * A snapshot holds only the newest closed connections; older closed rows stay, since only samples change them. A
   * live row missing from the snapshot has closed unseen, so its end is unknown and it is dropped.
   */
  #replace(connections: Connection[]): void {
    const before = this.#sameInstance ? new Map(this.closed) : new Map<number, Row>()
    let stepped = 0
    const rows = connections.map((connection) => {
      const known = this.#sameInstance ? this.get(connection.id) : undefined
      if (known === undefined) return new Row(connection)
      stepped = connection.openedAt - known.openedAt
      known.renew(connection)
      return known
    })
    this.live.clear()
    this.remotes.clear()
    const closed: Row[] = []
    for (const row of rows) {
      before.delete(row.id)
      if (row.close) closed.push(row)
      else this.#addLive(row)
    }
    // Those that the server did not send again have not noticed that its clock was set, nor what samples found meanwhile.
    for (const row of before.values()) {
      if (stepped !== 0) row.shift(stepped)
      row.unsampled()
    }
    this.#setClosed([...closed, ...before.values()])
    for (const observer of this.#observers) observer.replaced()
  }

  /** Keeps as many of these rows as there is room for. */
  #setClosed(rows: Row[]): void {
    rows.sort((a, b) => (a.close?.at ?? 0) - (b.close?.at ?? 0) || a.id - b.id)
    this.closed.clear()
    this.#orderly.clear()
    for (const row of rows) this.#push(row)
  }
}

export const [getTable, setTable] = createContext<Table>()
