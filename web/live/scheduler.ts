/** A hidden tab gets no animation frames, and needs to update only its title. */
const HIDDEN_MS = 1000
/** What changes more often than this can't be read. */
const SOON_MS = 150

/** Runs a step at most once per animation frame, or about once a second while the tab is hidden. */
export class FrameScheduler {
  #step: () => void
  #cancel: (() => void) | null = null
  /** The step waits for a frame, and not for SOON_MS to pass. */
  #next = false
  #ranAt = -Infinity

  constructor(step: () => void) {
    this.#step = step
    // A frame requested just before the tab was hidden would not run until the tab is visible again.
    document.addEventListener('visibilitychange', () => {
      if (this.#cancel) this.#reschedule(true)
    })
  }

  request(): void {
    if (!this.#cancel || !this.#next) this.#reschedule(true)
  }

  /** For what can wait: in the next frame after a pause, else every SOON_MS. */
  requestSoon(): void {
    if (!this.#cancel) this.#reschedule(false)
  }

  #reschedule(next: boolean): void {
    this.#cancel?.()
    const run = () => {
      this.#cancel = null
      this.#ranAt = performance.now()
      this.#step()
    }
    const wait = document.hidden ? HIDDEN_MS : next ? 0 : this.#ranAt + SOON_MS - performance.now()
    this.#next = next || wait <= 0
    if (document.hidden) this.#cancel = later(wait, run)
    else if (wait > 0) this.#cancel = later(wait, () => this.#reschedule(true))
    else {
      const frame = requestAnimationFrame(run)
      this.#cancel = () => cancelAnimationFrame(frame)
    }
  }
}

function later(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
