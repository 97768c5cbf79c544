import type { Draft } from './draft.ts'

/** Goes back and forth in what was sent, as a shell does; what was being typed waits at the end. */
export class Recall {
  readonly #history: () => readonly Draft[]
  #recalled: readonly Draft[] = []
  #typed: Draft | null = null
  /** Into `#recalled`; -1: what was being typed. */
  #at = -1

  /** @param history newest first */
  constructor(history: () => readonly Draft[]) {
    this.#history = history
  }

  /** @param current what stands in the box @returns null when there is nothing older */
  older(current: Draft): Draft | null {
    if (this.#at === -1) {
      this.#recalled = this.#history()
      this.#typed = { ...current }
    }
    const draft = this.#recalled[this.#at + 1]
    if (!draft) return null
    this.#at++
    return draft
  }

  /** @returns null when nothing was recalled */
  newer(): Draft | null {
    if (this.#at === -1) return null
    this.#at--
    return this.#at === -1 ? this.#typed : (this.#recalled[this.#at] ?? null)
  }

  /** Something else stands in the box now. */
  reset(): void {
    this.#at = -1
  }
}
