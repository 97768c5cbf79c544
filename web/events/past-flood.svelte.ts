import { Stored } from '../ui/stored.ts'
import { type Flood, sinceOf } from './floods.ts'

/** The newest flood, once it is over: the visitor may have been away. */
export class PastFlood {
  /** Null: there was none, it has been dismissed, or another one goes on. */
  current = $state.raw<Flood | null>(null)
  /** When the newest flood began that was dismissed: the server tells of it again after a reload. */
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
