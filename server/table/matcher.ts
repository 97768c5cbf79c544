import { isWaiting, type Agreement, type KernelFacts, type KernelSocket } from '../../shared/kernel.ts'
import type { UnmatchedSocket } from '../../shared/stream.ts'
import { Candidates } from './candidates.ts'
import type { Entry } from './entry.ts'
import type { ConnectionTable } from './table.ts'
import { cookieOf, factsOf, socketOf } from '../kernel/inet-diag.ts'
import { eachPacked } from '../kernel/packed.ts'
import type { Sample } from '../kernel/sample.ts'

/**
 * Joins the kernel's sockets with the server's connections. A socket is matched once, by its 4-tuple, and from then on known by
 * its cookie: a 4-tuple can be used again while a record of the last one is still kept.
 */
export class Matcher {
  readonly #table: ConnectionTable
  /** Sockets that have a record, and those that have none: waiting to be accepted, or left behind by a forgotten one. */
  readonly #matched = new Map<number, Entry>()
  readonly #unmatched = new Map<number, KernelSocket>()
  readonly #candidates = new Candidates()
  #seq = 0

  constructor(table: ConnectionTable) {
    this.#table = table
  }

  get sockets(): UnmatchedSocket[] {
    const rows: UnmatchedSocket[] = []
    for (const entry of this.#matched.values()) rows.push(...rowOf(entry))
    for (const socket of this.#unmatched.values()) rows.push({ ...socket, connectionId: null })
    return rows
  }

  /** At most so many of the sockets that are no live connection's, those waiting to be accepted first. */
  unmatched(limit: number): UnmatchedSocket[] {
    const rows: UnmatchedSocket[] = []
    for (const socket of this.#unmatched.values()) {
      if (rows.length >= limit) return rows
      rows.push({ ...socket, connectionId: null })
    }
    for (const entry of this.#matched.values()) {
      if (rows.length >= limit) return rows
      if (entry.close !== null) rows.push(...rowOf(entry))
    }
    return rows
  }

  /** Live connections with a socket, without one, and sockets without a live connection. */
  get agreement(): Agreement {
    let both = 0
    for (const entry of this.#matched.values()) if (entry.close === null) both++
    const sockets = this.#matched.size + this.#unmatched.size
    return { both, onlyServer: this.#table.counters.live - both, onlyKernel: sockets - both }
  }

  get timeWait(): number {
    let count = 0
    for (const socket of this.#unmatched.values()) if (socket.tcpState === 'TIME_WAIT') count++
    for (const { kernel } of this.#matched.values()) if (kernel?.tcpState === 'TIME_WAIT') count++
    return count
  }

  /** Puts a sample's facts into the table; everything that has changed takes a sequence number there. */
  apply(sample: Sample): void {
    this.#table.kernelSampledAt = sample.at
    this.#collectCandidates()
    const left = this.#removeGone(sample.gone)
    this.#matchLoose(sample.at)
    for (const [packed, at] of eachPacked(sample.changed)) {
      const cookie = cookieOf(packed, at)
      const known = this.#matched.get(cookie)
      if (known !== undefined) this.#table.kernel(known, factsOf(packed, at, sample.at))
      else this.#place(cookie, socketOf(packed, at, sample.at), sample.at)
    }
    this.#partMismatched(sample.at)
    this.#candidates.deleteClosed()
    // Not before: most likely its close is still to be told, and a socket with its 4-tuple is already another's.
    for (const entry of left) this.#candidates.add(entry)
  }

  /** The kernel can no longer be asked: nothing is claimed of it. */
  forget(): void {
    for (const entry of this.#matched.values()) this.#table.kernel(entry, null)
    this.#matched.clear()
    this.#unmatched.clear()
    this.#candidates.clear()
    this.#seq = 0
  }

  #collectCandidates(): void {
    for (const entry of this.#table.changedSince(this.#seq)) {
      if (entry.acceptSeq > this.#seq) this.#candidates.add(entry)
    }
    this.#seq = this.#table.seq
  }

  /** @returns live connections without their socket now: it has gone, or the dump has left it out, as it may */
  #removeGone(gone: number[]): Entry[] {
    const left: Entry[] = []
    for (const cookie of gone) {
      this.#unmatched.delete(cookie)
      const entry = this.#matched.get(cookie)
      if (entry === undefined) continue
      this.#matched.delete(cookie)
      this.#table.kernel(entry, null)
      if (entry.close === null) left.push(entry)
    }
    return left
  }

  /** Sockets that the kernel had before the server told of their connections. */
  #matchLoose(at: number): void {
    if (this.#candidates.size === 0) return
    for (const [cookie, socket] of this.#unmatched) this.#place(cookie, socket, at)
  }

  /**
   * The kernel is ahead of what the listener process tells: a new socket may have been matched to the connection that had its
   * 4-tuple before, whose close was still to be told. Once that is told, the socket no longer fits it.
   */
  #partMismatched(at: number): void {
    for (const [cookie, entry] of this.#matched) {
      const { local, remote, kernel, close } = entry
      if (close === null || kernel === null || fits(kernel, entry, at)) continue
      this.#matched.delete(cookie)
      this.#table.kernel(entry, null)
      this.#place(cookie, { local, remote, ...kernel }, at)
    }
  }

  #place(cookie: number, socket: KernelSocket, at: number): void {
    const entry = this.#candidates.find(socket.local, socket.remote)
    if (entry === null || !fits(socket, entry, at)) {
      this.#unmatched.set(cookie, socket)
      return
    }
    this.#candidates.delete(entry)
    this.#unmatched.delete(cookie)
    this.#matched.set(cookie, entry)
    this.#table.kernel(entry, factsFrom(socket))
  }
}

/** Whether a socket seen at `at` can be this connection's, and not that of one before or after it with the same 4-tuple. */
function fits(socket: KernelFacts, { openedAt, close }: Entry, at: number): boolean {
  if (isWaiting(socket) || openedAt > at) return false
  return socket.inode === 0 ? close !== null : close === null || close.at >= at
}

/** A matched socket again, from what its record keeps of it. */
function rowOf({ id, local, remote, kernel }: Entry): UnmatchedSocket[] {
  return kernel === null ? [] : [{ local, remote, ...kernel, connectionId: id }]
}

/** Written out: an object that rest syntax makes is several times as large, and there is one for each connection. */
function factsFrom(socket: KernelSocket): KernelFacts {
  const { tcpState, inode, recvQueue, sendQueue, rttMs, retransmits, congestionWindow, sendWindow, timer } = socket
  return { tcpState, inode, recvQueue, sendQueue, rttMs, retransmits, congestionWindow, sendWindow, timer }
}
