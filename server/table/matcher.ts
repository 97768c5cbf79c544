import { isWaiting, type Agreement, type KernelFacts, type KernelSocket } from '../../shared/kernel.ts'
import type { UnmatchedSocket } from '../../shared/stream.ts'
import { Candidates } from './candidates.ts'
import { current, type Entry, factsLater } from './entry.ts'
import { Lasting } from './lasting.ts'
import { OtherEnds } from './other-ends.ts'
import type { ConnectionTable } from './table.ts'
import { ackedOf, cookieOf, factsOf, readOf, socketOf } from '../kernel/inet-diag.ts'
import { eachPacked } from '../kernel/packed.ts'
import type { Sample } from '../kernel/sample.ts'

/**
 * Matches the kernel's sockets with the server's connections. A socket is matched by its 4-tuple and its inode once, and by its
 * cookie from then on, because a 4-tuple may be reused while the old record is still kept.
 */
export class Matcher {
  readonly #table: ConnectionTable
  /**
   * By cookie: sockets with a record, and sockets without one. The latter wait to be accepted, or their record has
   * been evicted.
   */
  readonly #matched = new Map<number, Entry>()
  readonly #unmatched = new Map<number, KernelSocket>()
  readonly #candidates = new Candidates()
  readonly #otherEnds: OtherEnds
  /** Live connections older than the sample that it has no socket for, and sockets (cookies) without a live connection. */
  readonly #withoutSocket = new Lasting<Entry>()
  readonly #withoutLive = new Lasting<number>()
  #seq = 0
  /** Whether the source has cookies. */
  #cookies = true

  constructor(table: ConnectionTable) {
    this.#table = table
    this.#otherEnds = new OtherEnds(table)
  }

  get sockets(): UnmatchedSocket[] {
    const rows: UnmatchedSocket[] = []
    for (const entry of this.#matched.values()) rows.push(...this.#rowOf(entry))
    for (const socket of this.#unmatched.values()) rows.push(this.#withoutRecord(socket))
    return rows
  }

  /** Sockets without a live connection, up to `limit`. Those without any record, such as waiting ones, come first. */
  unmatched(limit: number): UnmatchedSocket[] {
    const rows: UnmatchedSocket[] = []
    for (const socket of this.#unmatched.values()) {
      if (rows.length >= limit) return rows
      rows.push(this.#withoutRecord(socket))
    }
    for (const entry of this.#matched.values()) {
      if (rows.length >= limit) return rows
      if (entry.close !== null) rows.push(...this.#rowOf(entry))
    }
    return rows
  }

  /**
   * How many live connections have a socket, how many have none, and how many sockets have no live connection. Server and kernel are
   * not read at the same moment, so only what two samples show is a difference.
   */
  get agreement(): Agreement {
    let both = 0
    for (const entry of this.#matched.values()) if (entry.close === null) both++
    const sockets = this.#matched.size + this.#unmatched.size
    let differing = this.#withoutLive.items.size
    for (const { close } of this.#withoutSocket.items) if (close === null) differing++
    return { both, onlyServer: this.#table.counters.live - both, onlyKernel: sockets - both, differing }
  }

  /** Of the sockets without a live connection. */
  get timeWait(): number {
    let count = 0
    for (const socket of this.#unmatched.values()) if (socket.tcpState === 'TIME_WAIT') count++
    for (const { kernel, close } of this.#matched.values()) {
      if (close !== null && kernel?.tcpState === 'TIME_WAIT') count++
    }
    return count
  }

  /** Writes a sample's facts into the table. Each change gets a sequence number there. */
  apply(sample: Sample): void {
    this.#table.kernelSampledAt = sample.at
    this.#cookies = sample.source === 'sock_diag'
    this.#collectCandidates()
    const left = this.#removeGone(sample.gone)
    this.#matchLoose(sample.at)
    for (const [packed, at] of eachPacked(sample.changed)) {
      const cookie = cookieOf(packed, at)
      const known = this.#matched.get(cookie)
      if (known !== undefined) this.#table.kernel(known, factsOf(packed, at, sample.at))
      else this.#place(cookie, socketOf(packed, at, sample.at), sample.at)
      const entry = known ?? this.#matched.get(cookie)
      if (entry !== undefined) {
        entry.acked = ackedOf(packed, at)
        entry.read = readOf(packed, at)
      }
    }
    this.#partMismatched(sample.at)
    this.#candidates.deleteClosed()
    // Add these only now. Most of them have closed without the server knowing yet, and a new socket with the same
    // 4-tuple belongs to another connection.
    for (const entry of left) this.#candidates.add(entry)
    this.#compare(sample.at)
    if (sample.ends !== null) this.#otherEnds.apply(sample.ends, (cookie) => this.#matched.get(cookie))
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    for (const [cookie, socket] of this.#unmatched) this.#unmatched.set(cookie, factsLater(socket, ms))
  }

  /** Removes the kernel's facts when samples are no longer available. Whether the sockets still exist is not known then. */
  forget(): void {
    for (const entry of this.#matched.values()) this.#table.kernel(entry, null)
    this.#matched.clear()
    this.#unmatched.clear()
    this.#candidates.clear()
    this.#otherEnds.forget()
    this.#withoutSocket.clear()
    this.#withoutLive.clear()
    this.#seq = 0
  }

  /** @param at a connection accepted or closed after this moment is newer than the sample, and can't be compared with it */
  #compare(at: number): void {
    const connections = new Set<Entry>()
    for (const entry of this.#candidates.all()) if (entry.openedAt <= at) connections.add(entry)
    this.#withoutSocket.next(connections)
    const sockets = new Set<number>()
    for (const [cookie, { tcpState }] of this.#unmatched) if (tcpState !== 'TIME_WAIT') sockets.add(cookie)
    for (const [cookie, { kernel, close }] of this.#matched) {
      if (close !== null && close.at <= at && kernel?.tcpState !== 'TIME_WAIT') sockets.add(cookie)
    }
    this.#withoutLive.next(sockets)
  }

  #collectCandidates(): void {
    for (const entry of this.#table.changedSince(this.#seq)) {
      if (entry.acceptSeq > this.#seq) this.#candidates.add(entry)
    }
    this.#seq = this.#table.seq
  }

  /** @returns connections whose socket is missing in this sample and may come back: the dump may have skipped it */
  #removeGone(gone: number[]): Entry[] {
    const left: Entry[] = []
    for (const cookie of gone) {
      this.#unmatched.delete(cookie)
      const entry = this.#matched.get(cookie)
      if (entry === undefined) continue
      this.#matched.delete(cookie)
      this.#table.forgotten(entry)
      // Of a closed connection only the cookie proves that a socket is the same.
      if (entry.close === null || entry.cookie === cookie) left.push(entry)
    }
    return left
  }

  /** Matches sockets that the kernel had before the listener process reported their connections. */
  #matchLoose(at: number): void {
    if (this.#candidates.size === 0) return
    for (const [cookie, socket] of this.#unmatched) this.#place(cookie, socket, at)
  }

  /**
   * Corrects matches made too early. A socket without an inode may have been matched with the previous connection of its
   * 4-tuple. After the report of the new connection, the socket no longer fits.
   */
  #partMismatched(at: number): void {
    for (const [cookie, entry] of this.#matched) {
      const { local, remote, kernel, close } = entry
      if (kernel === null) continue
      // Its inode has shown whose it is.
      if (entry.cookie === cookie) continue
      const right = close === null || fits(kernel, entry, at)
      if (right && !this.#belongsToNewer(kernel, entry, at)) continue
      this.#matched.delete(cookie)
      this.#table.unmatch(entry)
      this.#place(cookie, { local, remote, ...kernel }, at)
    }
  }

  #belongsToNewer(socket: KernelFacts, { id, local, remote }: Entry, at: number): boolean {
    const newer = this.#candidates.find(local, remote)
    return newer !== null && newer.id > id && fits(socket, newer, at)
  }

  /** Rebuilds a matched socket from its record. */
  #rowOf({ id, local, remote, kernel }: Entry): UnmatchedSocket[] {
    if (kernel === null) return []
    return [{ local, remote, ...current(kernel, this.#table.kernelSampledAt), connectionId: id, problem: null }]
  }

  #withoutRecord(socket: KernelSocket): UnmatchedSocket {
    return { ...socket, ...current(socket, this.#table.kernelSampledAt), connectionId: null, problem: null }
  }

  #place(cookie: number, socket: KernelSocket, at: number): void {
    const entry = this.#candidates.find(socket.local, socket.remote)
    // A socket is gone for good, so a connection that had one does not get another. Only /proc has no cookies.
    const other = entry !== null && entry.cookie !== 0 && entry.cookie !== cookie
    if (entry === null || other || !fits(socket, entry, at)) {
      this.#unmatched.set(cookie, socket)
      return
    }
    this.#candidates.delete(entry)
    this.#unmatched.delete(cookie)
    this.#matched.set(cookie, entry)
    // In FIN_WAIT_2 and TIME_WAIT after close(2) it is another socket, whose cookie is the first one's only if that was asked for.
    if (this.#cookies && socket.inode !== 0) entry.cookie = cookie
    this.#table.kernel(entry, factsFrom(socket))
  }
}

/** Whether a socket seen at `at` can belong to this connection, and not to an earlier or later one with the same 4-tuple. */
function fits(socket: KernelFacts, { openedAt, close, inode }: Entry, at: number): boolean {
  if (socket.inode !== 0) return socket.inode === inode
  return !isWaiting(socket) && openedAt <= at && close !== null
}

/** Written out, because an object made with rest syntax is several times as large, and every connection has one. */
function factsFrom(socket: KernelSocket): KernelFacts {
  const { tcpState, inode, recvQueue, sendQueue, rttMs, retransmits, congestionWindow, sendWindow, timer } = socket
  return { tcpState, inode, recvQueue, sendQueue, rttMs, retransmits, congestionWindow, sendWindow, timer }
}
