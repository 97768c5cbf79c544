import type { AliveMessage } from './messages.ts'

/** Interval of the listener process's beats, in milliseconds. */
const BEAT_MS = 1_000
/** Missed beats before the process counts as unresponsive: a busy machine delays one or two. */
const MISSED_MAX = 4

/**
 * Reports when the listener process becomes unresponsive and when it answers again. A stopped or hung process keeps
 * its port, so nothing else would show that nobody is served. Beats are counted instead of time, so a standstill of
 * this process itself does not count as missed beats.
 */
export class Heartbeat {
  readonly #changed: (unresponsive: boolean) => void
  #missed = 0
  #timer: NodeJS.Timeout | null = null

  constructor(changed: (unresponsive: boolean) => void) {
    this.#changed = changed
  }

  /** A process was started. */
  begin(): void {
    this.end()
    this.#timer = setInterval(() => {
      if (++this.#missed === MISSED_MAX) this.#changed(true)
    }, BEAT_MS)
  }

  /** The process sent a message. */
  heard(): void {
    const unresponsive = this.#missed >= MISSED_MAX
    this.#missed = 0
    if (unresponsive) this.#changed(false)
  }

  /** The process ended. */
  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.heard()
  }
}

/** Runs in the listener process. @param captureDropped captured bytes dropped since the last call */
export function beat(send: (message: AliveMessage) => void, captureDropped: () => number): void {
  setInterval(() => send({ type: 'alive', captureDropped: captureDropped() }), BEAT_MS)
}
