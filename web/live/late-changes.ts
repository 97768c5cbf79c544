import type { LateChange, Row } from './row.ts'

/** More than this, and the answer is dropped. */
const LATE_MAX = 20_000

/**
 * The changes to connections that the page lacks, kept while their records are on the way from the API: a record may be older than
 * these changes.
 */
export class LateChanges {
  #count = 0
  readonly #byId = new Map<number, { change: LateChange; now: number }[]>()

  /** Some changes are missing. */
  get overflowed(): boolean {
    return this.#count > LATE_MAX
  }

  /** @param now the server's clock, Unix milliseconds */
  note(change: LateChange, now: number): void {
    if (++this.#count > LATE_MAX) return
    const list = this.#byId.get(change.id)
    if (list) list.push({ change, now })
    else this.#byId.set(change.id, [{ change, now }])
  }

  applyTo(row: Row): void {
    for (const { change, now } of this.#byId.get(row.id) ?? []) row.take(change, now)
  }
}
