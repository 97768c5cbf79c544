/** A hidden tab gets no animation frames, and needs to update only its title. */
const HIDDEN_MS = 1000

/** Runs a step at most once per animation frame, or about once a second while the tab is hidden. */
export class FrameScheduler {
  #step: () => void
  #cancel: (() => void) | null = null

  constructor(step: () => void) {
    this.#step = step
    // A frame requested just before the tab was hidden would not run until the tab is visible again.
    document.addEventListener('visibilitychange', () => {
      if (this.#cancel) this.#reschedule()
    })
  }

  request(): void {
    if (!this.#cancel) this.#reschedule()
  }

  #reschedule(): void {
    this.#cancel?.()
    const run = () => {
      this.#cancel = null
      this.#step()
    }
    if (document.hidden) {
      const timer = setTimeout(run, HIDDEN_MS)
      this.#cancel = () => clearTimeout(timer)
    } else {
      const frame = requestAnimationFrame(run)
      this.#cancel = () => cancelAnimationFrame(frame)
    }
  }
}
