/** A pointer on the rows stops holding them after this time without a key, a scroll or a move. Milliseconds. */
export const REST_MS = 30_000

export interface RestOptions {
  /** Whether a person reads without moving anything. */
  reading: () => boolean
  /** Called when the pointer has come to rest, and when somebody is back. */
  onRest: (resting: boolean) => void
}

/** Notices that a pointer on the rows is not moved any more. */
export class Rest {
  readonly #options: RestOptions
  #pointed = false
  #resting = false
  #stirredAt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: RestOptions) {
    this.#options = options
  }

  /** The pointer has come to the rows, or left them. */
  point(on: boolean): void {
    clearTimeout(this.#timer)
    this.#pointed = on
    this.#resting = false
    this.#stirredAt = performance.now()
    if (on) this.#wait(REST_MS)
  }

  /** Somebody has moved the pointer, pressed a key or scrolled. */
  stir(): void {
    if (!this.#pointed) return
    this.#stirredAt = performance.now()
    if (!this.#resting) return
    this.#resting = false
    this.#wait(REST_MS)
    this.#options.onRest(false)
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      const left = this.#stirredAt + REST_MS - performance.now()
      if (left > 0) return this.#wait(left)
      if (this.#options.reading()) return this.#wait(REST_MS)
      this.#resting = true
      this.#options.onRest(true)
    }, ms)
  }
}

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove'] as const

/** Calls back with each sign that somebody is at the page. A scroll that nobody made is none. @returns a function that ends it */
export function onStir(callback: () => void): () => void {
  for (const sign of SIGNS) document.addEventListener(sign, callback, { passive: true, capture: true })
  return () => {
    for (const sign of SIGNS) document.removeEventListener(sign, callback, { capture: true })
  }
}
