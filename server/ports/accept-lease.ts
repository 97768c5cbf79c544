import type { Listener } from '../../shared/stream.ts'
import { clock } from '../clock.ts'

/** Nobody has limited how long accepting is stopped. */
const FOR_GOOD = Infinity

/**
 * Resumes accepting when nobody repeats in time that it shall be stopped. Of several who stop it, the one who asks for the longest
 * decides.
 */
export class AcceptLease {
  readonly #listener: Pick<Listener, 'pausedUntil'>
  readonly #resume: () => void
  /** Steady time; null: accepting is not stopped. */
  #until: number | null = null
  #timer: NodeJS.Timeout | undefined

  constructor(listener: Pick<Listener, 'pausedUntil'>, resume: () => void) {
    this.#listener = listener
    this.#resume = resume
  }

  /** @param ms null: until somebody resumes */
  hold(ms: number | null): void {
    this.#set(Math.max(this.#until ?? 0, ms === null ? FOR_GOOD : clock.steady() + ms))
  }

  /** Somebody has resumed accepting, or the server stops. */
  end(): void {
    this.#set(null)
  }

  /** The clock was set. */
  shift(): void {
    this.#show()
  }

  #set(until: number | null): void {
    this.#until = until
    clearTimeout(this.#timer)
    if (until !== null && until !== FOR_GOOD) this.#timer = setTimeout(() => this.#over(), until - clock.steady())
    this.#show()
  }

  #show(): void {
    const until = this.#until
    this.#listener.pausedUntil = until === null || until === FOR_GOOD ? null : clock.corrected(until)
  }

  #over(): void {
    this.end()
    this.#resume()
  }
}
