import { Stored } from '../ui/stored.ts'
import { type Flood, sinceOf } from './floods.ts'

/** The newest flood that is over, for a visitor who was away. */
export class PastFlood {
  /** Null: no flood is over, the visitor has dismissed it, or another flood goes on. */
  current = $state.raw<Flood | null>(null)
  /** The begin of the newest flood that the visitor dismissed. After a reload the server reports this flood again. */
  readonly #dismissed = new Stored<number>('flood-dismissed', { parse: (text) => Number(text) || null, format: String })

  /** Takes each change of a flood. */
  take(flood: Flood): void {
    this.current = flood.over === null || sinceOf(flood) <= (this.#dismissed.get() ?? 0) ? null : flood
  }

  dismiss(): void {
    if (this.current !== null) this.#dismissed.set(sinceOf(this.current))
    this.current = null
  }
}
