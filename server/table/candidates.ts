import { type Endpoint, sameAddress } from '../../shared/endpoint.ts'
import type { Entry } from './entry.ts'

/**
 * Connections without a known socket; if two have the same 4-tuple, the newer one. Indexed by the client's port,
 * which few connections share, because a string key for each 4-tuple would need far more memory.
 */
export class Candidates {
  readonly #byPort = new Map<number, Entry[]>()

  get size(): number {
    return this.#byPort.size
  }

  add(entry: Entry): void {
    const other = this.find(entry.local, entry.remote)
    // The older connection may have changed last, when it closed, so compare the ids.
    if (other !== null && other.id > entry.id) return
    if (other !== null) this.delete(other)
    this.#byPort.set(entry.remote.port, [...(this.#byPort.get(entry.remote.port) ?? []), entry])
  }

  find(local: Endpoint, remote: Endpoint): Entry | null {
    return this.#byPort.get(remote.port)?.find((entry) => isOf(entry, local, remote)) ?? null
  }

  *all(): Iterable<Entry> {
    for (const entries of this.#byPort.values()) yield* entries
  }

  delete({ local, remote }: Entry): void {
    this.#keep(remote.port, (entry) => !isOf(entry, local, remote))
  }

  /** Drops closed connections: their sockets were gone before a sample could find them. */
  deleteClosed(): void {
    for (const port of this.#byPort.keys()) this.#keep(port, ({ close }) => close === null)
  }

  clear(): void {
    this.#byPort.clear()
  }

  #keep(port: number, wanted: (entry: Entry) => boolean): void {
    const left = this.#byPort.get(port)?.filter(wanted) ?? []
    if (left.length === 0) this.#byPort.delete(port)
    else this.#byPort.set(port, left)
  }
}

function isOf(entry: Entry, local: Endpoint, remote: Endpoint): boolean {
  return (
    entry.remote.port === remote.port &&
    sameAddress(entry.remote.address, remote.address) &&
    sameAddress(entry.local.address, local.address) &&
    entry.local.port === local.port
  )
}
