import type { Flood } from './floods.ts'

/** The newest flood, once it is over: the visitor may have been away. */
export class PastFlood {
  /** Null: there was none, it has been dismissed, or another one goes on. */
  current = $state.raw<Flood | null>(null)

  /** Takes each change of a flood. */
  take(flood: Flood): void {
    this.current = flood.over === null ? null : flood
  }

  dismiss(): void {
    this.current = null
  }
}
