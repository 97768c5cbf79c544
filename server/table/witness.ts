import { formatEndpoint } from '../../shared/endpoint.ts'
import { isWaiting, type Agreement, type KernelFacts, type KernelSocket } from '../../shared/kernel.ts'
import type { LooseSocket } from '../../shared/stream.ts'
import type { Entry } from './entry.ts'
import type { ConnectionTable } from './table.ts'
import type { Key, Sample } from '../kernel/sample.ts'

/**
 * Joins the kernel's sockets with the server's connections. A socket is matched once, by its 4-tuple, and from then on known by
 * the kernel's own key: a 4-tuple can be used again while a record of the last one is still kept.
 */
export class Witness {
  readonly #table: ConnectionTable
  /** Sockets that have a record, and those that have none: waiting to be accepted, or left behind by a forgotten one. */
  readonly #matched = new Map<Key, Entry>()
  readonly #loose = new Map<Key, { name: string; socket: KernelSocket }>()
  /** Connections that no socket has been found for yet, by 4-tuple; of two with the same one, the newer. */
  readonly #candidates = new Map<string, Entry>()
  #seq = 0

  constructor(table: ConnectionTable) {
    this.#table = table
  }

  get sockets(): LooseSocket[] {
    const rows: LooseSocket[] = []
    for (const entry of this.#matched.values()) rows.push(...socketOf(entry))
    for (const { socket } of this.#loose.values()) rows.push({ ...socket, connectionId: null })
    return rows
  }

  /** At most so many of the sockets that are no live connection's, those waiting to be accepted first. */
  loose(limit: number): LooseSocket[] {
    const rows: LooseSocket[] = []
    for (const { socket } of this.#loose.values()) {
      if (rows.length >= limit) return rows
      rows.push({ ...socket, connectionId: null })
    }
    for (const entry of this.#matched.values()) {
      if (rows.length >= limit) return rows
      if (entry.close !== null) rows.push(...socketOf(entry))
    }
    return rows
  }

  /** Live connections with a socket, without one, and sockets without a live connection. */
  get agreement(): Agreement {
    let both = 0
    for (const entry of this.#matched.values()) if (entry.close === null) both++
    const sockets = this.#matched.size + this.#loose.size
    return { both, onlyServer: this.#table.counters.live - both, onlyKernel: sockets - both }
  }

  /** Puts a sample's facts into the table; everything that has changed takes a sequence number there. */
  apply(sample: Sample): void {
    this.#table.kernelSampledAt = sample.at
    this.#collectCandidates()
    for (const [key, socket] of sample.changed) {
      const known = this.#matched.get(key)
      if (known === undefined) this.#loose.set(key, { name: tuple(socket), socket })
      else this.#table.kernel(known, facts(socket))
    }
    this.#match(sample.at)
    for (const key of sample.gone) {
      this.#loose.delete(key)
      const known = this.#matched.get(key)
      if (known === undefined) continue
      this.#matched.delete(key)
      this.#table.kernel(known, null)
      // The socket was that of an earlier connection with the same 4-tuple: its own is still to be found.
      if (known.close === null) this.#candidates.set(tuple(known), known)
    }
  }

  /** The kernel can no longer be asked: nothing is claimed of it. */
  forget(): void {
    for (const entry of this.#matched.values()) this.#table.kernel(entry, null)
    this.#matched.clear()
    this.#loose.clear()
    this.#candidates.clear()
    this.#seq = 0
  }

  #collectCandidates(): void {
    for (const entry of this.#table.changedSince(this.#seq)) {
      if (entry.acceptSeq > this.#seq) this.#candidates.set(tuple(entry), entry)
    }
    this.#seq = this.#table.seq
  }

  #match(at: number): void {
    if (this.#candidates.size === 0) return
    for (const [key, { name, socket }] of this.#loose) {
      const entry = this.#candidates.get(name)
      if (entry === undefined || !fits(socket, entry, at)) continue
      this.#candidates.delete(name)
      this.#loose.delete(key)
      this.#matched.set(key, entry)
      this.#table.kernel(entry, facts(socket))
    }
    // What closed before the kernel could be asked will not be seen any more.
    for (const [name, entry] of this.#candidates) if (entry.close !== null) this.#candidates.delete(name)
  }
}

/** Whether a socket seen at `at` can be this connection's, and not that of one before or after it with the same 4-tuple. */
function fits(socket: KernelSocket, { openedAt, close }: Entry, at: number): boolean {
  if (isWaiting(socket) || openedAt > at) return false
  return socket.inode === 0 ? close !== null : close === null || close.at >= at
}

function tuple({ local, remote }: Pick<KernelSocket, 'local' | 'remote'>): string {
  return `${formatEndpoint(remote)} ${formatEndpoint(local)}`
}

/** A matched socket again, from what its record keeps of it. */
function socketOf({ id, local, remote, kernel }: Entry): LooseSocket[] {
  return kernel === null ? [] : [{ local, remote, ...kernel, connectionId: id }]
}

function facts({ local: _local, remote: _remote, ...facts }: KernelSocket): KernelFacts {
  return facts
}
