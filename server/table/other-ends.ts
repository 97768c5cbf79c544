import type { OtherEnd } from '../../shared/kernel.ts'
import { cookieOf, otherEndOf } from '../kernel/inet-diag.ts'
import type { EndsSample } from '../kernel/other-ends.ts'
import { eachPacked } from '../kernel/packed.ts'
import { userOwner } from '../kernel/owner.ts'
import type { Entry } from './entry.ts'
import type { ConnectionTable } from './table.ts'

/** The client's socket of one connection. */
interface End {
  /** The cookie of the port's socket. */
  readonly server: number
  /** Null: not known yet. */
  entry: Entry | null
  facts: OtherEnd | null
}

/** Writes the clients' own sockets into the records of their connections. */
export class OtherEnds {
  readonly #table: ConnectionTable
  /** By the cookie of the client's socket. */
  readonly #ends = new Map<number, End>()

  constructor(table: ConnectionTable) {
    this.#table = table
  }

  /** @param entryOf the connection of the port's socket with this cookie, as the matcher has it now */
  apply(sample: EndsSample, entryOf: (cookie: number) => Entry | undefined): void {
    this.#table.otherEndsSampledAt = sample.at
    for (const cookie of sample.gone) this.#remove(cookie)
    const { pairs } = sample
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      this.#ends.set(pairs[i] ?? 0, { server: pairs[i + 1] ?? 0, entry: null, facts: null })
    }
    for (const [packed, at] of eachPacked(sample.changed)) {
      const end = this.#ends.get(cookieOf(packed, at))
      if (end === undefined) continue
      const owner = end.entry?.otherEnd?.owner
      end.facts = otherEndOf(packed, at, (uid) => owner ?? userOwner(uid))
      if (end.entry !== null) this.#table.otherEnd(end.entry, end.facts)
    }
    // The matcher pairs a socket only when its connection has been reported, and may correct that later.
    for (const end of this.#ends.values()) {
      const entry = entryOf(end.server)
      if (entry === undefined || entry === end.entry) continue
      if (end.entry !== null) this.#table.otherEnd(end.entry, null)
      end.entry = entry
      this.#table.otherEnd(entry, end.facts)
    }
  }

  /** Removes everything when samples are no longer available. */
  forget(): void {
    for (const cookie of this.#ends.keys()) this.#remove(cookie)
  }

  #remove(cookie: number): void {
    const entry = this.#ends.get(cookie)?.entry ?? null
    this.#ends.delete(cookie)
    if (entry !== null) this.#table.otherEnd(entry, null)
  }
}
