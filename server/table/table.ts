import type { Action } from '../../shared/action.ts'
import type { Close, Progress } from '../../shared/connection.ts'
import type { KernelFacts } from '../../shared/kernel.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import type { Counters, RefusedChange } from '../../shared/stream.ts'
import { Entry } from './entry.ts'
import { NewestActions } from './newest-actions.ts'

/** Refusals kept for readers that have not seen them yet; older ones live on in the counter only. */
const REFUSED_KEPT = 1_000

export interface Accepted {
  id: number
  local: Endpoint
  remote: Endpoint
  pid: number
  fd: number
  openedAt: number
}

/**
 * Every live connection and the newest closed ones. Each change takes the next sequence number and moves its record to the
 * end of a list, so what a reader at number n has not seen is the end of that list back to n.
 */
export class ConnectionTable {
  readonly counters: Counters = { accepted: 0, live: 0, closed: 0, refused: 0, bytesIn: 0, bytesOut: 0 }
  /** Closed records forgotten so far. */
  evicted = 0
  /** The close of the last record that is no longer kept: a reader that has not seen it cannot catch up. */
  evictedSeq = 0
  seq = 0
  /** Actions recorded so far. */
  acted = 0
  /** Told of each close. */
  onClose: (entry: Entry) => void = () => {}
  /** When the kernel was last asked, Unix milliseconds. */
  kernelSampledAt = 0

  readonly #closedKept: number
  readonly #byId = new Map<number, Entry>()
  readonly #actions = new NewestActions()
  #newest: Entry | null = null
  #oldestClosed: Entry | null = null
  #newestClosed: Entry | null = null
  #refused: { seq: number; change: RefusedChange }[] = []

  constructor(closedKept: number) {
    this.#closedKept = closedKept
  }

  accept({ id, local, remote, pid, fd, openedAt }: Accepted): void {
    const entry = new Entry(id, local, remote, pid, fd, openedAt, ++this.seq)
    this.#byId.set(id, entry)
    this.#append(entry)
    this.counters.accepted++
    this.counters.live++
  }

  /** Running totals and state of a live connection; an unknown or closed id is ignored. */
  progress(id: number, lastActivityAt: number, progress: Progress): void {
    const entry = this.#live(id)
    if (entry === null) return
    this.counters.bytesIn += progress.bytesIn - entry.progress.bytesIn
    this.counters.bytesOut += progress.bytesOut - entry.progress.bytesOut
    entry.lastActivityAt = lastActivityAt
    entry.progress = progress
    this.#touch(entry)
    entry.dataSeq = entry.changeSeq
  }

  close(id: number, close: Close): void {
    const entry = this.#live(id)
    if (entry === null) return
    entry.close = close
    this.#touch(entry)
    entry.closeSeq = entry.changeSeq
    entry.closedBefore = this.#newestClosed
    if (this.#newestClosed === null) this.#oldestClosed = entry
    else this.#newestClosed.closedAfter = entry
    this.#newestClosed = entry
    this.counters.live--
    this.counters.closed++
    this.onClose(entry)
  }

  closeAll(close: Close): void {
    for (const entry of this.live()) this.close(entry.id, close)
  }

  /** Something was done to a connection, which may be closed; one that has been forgotten is ignored. */
  act(id: number, action: Action): void {
    const entry = this.#byId.get(id)
    if (entry === undefined) return
    this.#touch(entry)
    this.acted++
    this.#actions.add(entry, action)
  }

  /** News from the kernel of a connection, which may be closed; null when the kernel has forgotten its socket. */
  kernel(entry: Entry, facts: KernelFacts | null): void {
    entry.kernel = facts
    // One that has been forgotten here may still be in the kernel's table.
    if (this.#byId.get(entry.id) !== entry) return
    this.#touch(entry)
    entry.kernelSeq = entry.changeSeq
  }

  /** Refusals beyond those that have a change of their own. */
  refusedUntold(count: number): void {
    this.counters.refused += count
    this.seq++
  }

  refuse(change: RefusedChange): void {
    this.counters.refused++
    this.#refused.push({ seq: ++this.seq, change })
    if (this.#refused.length > REFUSED_KEPT * 2) this.#refused = this.#refused.slice(-REFUSED_KEPT)
  }

  /** Forgets the oldest closed records over the limit; called when the readers have had their chance to see them. */
  trim(slack: number): void {
    while (this.#byId.size - this.counters.live > this.#closedKept + slack) this.#evictOldest()
  }

  get(id: number): Entry | null {
    return this.#byId.get(id) ?? null
  }

  all(): Entry[] {
    return [...this.#byId.values()]
  }

  live(): Entry[] {
    const entries: Entry[] = []
    for (const entry of this.#byId.values()) if (entry.close === null) entries.push(entry)
    return entries
  }

  /** The `count` connections that closed last, oldest first. */
  newestClosed(count: number): Entry[] {
    const entries: Entry[] = []
    for (let e = this.#newestClosed; e !== null && entries.length < count; e = e.closedBefore) entries.push(e)
    return entries.reverse()
  }

  /** Records changed after `seq`, in the order of their last change. */
  changedSince(seq: number): Entry[] {
    const entries: Entry[] = []
    for (let e = this.#newest; e !== null && e.changeSeq > seq; e = e.before) entries.push(e)
    return entries.reverse()
  }

  refusedSince(seq: number): RefusedChange[] {
    const changes: RefusedChange[] = []
    for (const refused of this.#refused) if (refused.seq > seq) changes.push(refused.change)
    return changes
  }

  #live(id: number): Entry | null {
    const entry = this.#byId.get(id)
    return entry === undefined || entry.close !== null ? null : entry
  }

  #touch(entry: Entry): void {
    entry.changeSeq = ++this.seq
    if (this.#newest === entry) return
    this.#unlink(entry)
    this.#append(entry)
  }

  #append(entry: Entry): void {
    entry.before = this.#newest
    if (this.#newest !== null) this.#newest.after = entry
    this.#newest = entry
  }

  #unlink(entry: Entry): void {
    if (entry.before !== null) entry.before.after = entry.after
    if (entry.after !== null) entry.after.before = entry.before
    else this.#newest = entry.before
    entry.before = entry.after = null
  }

  #evictOldest(): void {
    const entry = this.#oldestClosed
    if (entry === null) return
    this.#oldestClosed = entry.closedAfter
    if (entry.closedAfter !== null) entry.closedAfter.closedBefore = null
    else this.#newestClosed = null
    entry.closedAfter = null
    this.#unlink(entry)
    this.#byId.delete(entry.id)
    this.evicted++
    this.evictedSeq = entry.closeSeq
  }
}
