import { createContext } from 'svelte'
import type { Connection } from '../../shared/connection.ts'
import { isUnknownEndpoint } from '../../shared/endpoint.ts'
import type { ChangesFrame, SnapshotFrame } from '../../shared/stream.ts'
import { Row } from './row.ts'

/** How many closed connections the page keeps. The oldest are dropped first. */
export const CLOSED_KEPT = 10_000

/** Gets each row whose place in a list may have changed. */
export interface TableObserver {
  changed(row: Row): void
  removed(row: Row): void
  /** All rows may have changed. */
  replaced(): void
}

/**
 * The server's table as this page knows it. Frames change the rows in place, so the cost of a frame does not depend
 * on the number of rows, and a hidden tab needs no queue.
 */
export class Table {
  readonly live = new Map<number, Row>()
  /** Ordered by the time of closing. */
  readonly closed = new Map<number, Row>()
  /** How many closed connections are not in `closed`: it dropped them, or never got them. */
  notKept = 0
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
    this.#replace(this.#staged)
    this.#staged = null
    this.notKept = Math.max(0, frame.counters.closed - this.closed.size)
    return true
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
          if (!row) break
          row.update(change.at, change)
          row.lastActivityAt = change.lastActivityAt
          row.end(change.close)
          this.#removeLive(row)
          this.#keepClosed(row)
          this.#tell('changed', row)
          break
        }
        case 'evidence': {
          const row = this.closed.get(change.id)
          if (!row) break
          row.end(change.close)
          this.#tell('changed', row)
          break
        }
        case 'kernel': {
          const row = this.get(change.id)
          if (row?.applyKernel(change, now)) this.#tell('changed', row)
          break
        }
        case 'problem': {
          const row = this.live.get(change.id)
          if (!row) break
          row.applyProblem(change.problem)
          this.#tell('changed', row)
          break
        }
        case 'other-end': {
          const row = this.get(change.id)
          if (row?.applyOtherEnd(change.otherEnd)) this.#tell('changed', row)
          break
        }
        case 'action':
          this.get(change.id)?.act(change.action)
          break
        case 'refused':
          break
      }
    }
    // The counters may be ahead of the rows, because one frame does not hold everything. They are never behind.
    this.notKept = Math.min(this.notKept, Math.max(0, frame.counters.closed - this.closed.size))
  }

  #add(connection: Connection): void {
    if (this.get(connection.id)) return
    const row = new Row(connection)
    if (row.close) this.#keepClosed(row)
    else this.#addLive(row)
    this.#tell('changed', row)
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
    this.closed.set(row.id, row)
    if (this.closed.size <= this.#closedKept) return
    const [oldest] = this.closed.values()
    if (!oldest) return
    this.closed.delete(oldest.id)
    this.notKept++
    this.#tell('removed', oldest)
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
    this.closed.clear()
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
    closed.push(...before.values())
    closed.sort((a, b) => (a.close?.at ?? 0) - (b.close?.at ?? 0) || a.id - b.id)
    for (const row of closed.slice(-this.#closedKept)) this.closed.set(row.id, row)
    for (const observer of this.#observers) observer.replaced()
  }
}

export const [getTable, setTable] = createContext<Table>()
