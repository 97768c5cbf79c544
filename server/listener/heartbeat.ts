import type { AliveMessage } from './facts.ts'

/** The listener process says that it lives once in so many milliseconds. */
const BEAT_MS = 1_000
/** Beats in a row that may be missing: a machine at its limit delays one or two. */
const MISSED_MAX = 4

/**
 * Tells when the listener process has gone unresponsive, and when it speaks again: one that has been stopped or hangs still has its port,
 * and nothing else would say that nobody is served. Beats are counted, not the clock read: after this process itself has
 * stood still, what was said meanwhile is heard before the next one is missed.
 */
export class Heartbeat {
  readonly #changed: (unresponsive: boolean) => void
  #missed = 0
  #timer: NodeJS.Timeout | null = null

  constructor(changed: (unresponsive: boolean) => void) {
    this.#changed = changed
  }

  /** A process has been started. */
  begin(): void {
    this.end()
    this.#timer = setInterval(() => {
      if (++this.#missed === MISSED_MAX) this.#changed(true)
    }, BEAT_MS)
  }

  /** It has said something. */
  heard(): void {
    const unresponsive = this.#missed >= MISSED_MAX
    this.#missed = 0
    if (unresponsive) this.#changed(false)
  }

  /** It has ended. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.heard()
  }
}

/** In the listener process. @param captureDropped captured bytes that have been dropped since it was asked last */
export function beat(send: (message: AliveMessage) => void, captureDropped: () => number): void {
  setInterval(() => send({ type: 'alive', captureDropped: captureDropped() }), BEAT_MS)
}
