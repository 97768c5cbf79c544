import type { Draft } from './draft.ts'

/** Recalls earlier sends, like a shell's history. The text being typed is kept at the end. */
export class Recall {
  readonly #history: () => readonly Draft[]
  #recalled: readonly Draft[] = []
  #typed: Draft | null = null
  /** Index into `#recalled`; -1: the text being typed. */
  #at = -1

  /** @param history newest first */
  constructor(history: () => readonly Draft[]) {
    this.#history = history
  }

  /** @param current the content of the input box @returns null if there is nothing older */
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

  /** @returns null if nothing was recalled */
  newer(): Draft | null {
    if (this.#at === -1) return null
    this.#at--
    return this.#at === -1 ? this.#typed : (this.#recalled[this.#at] ?? null)
  }

  /** The input box has changed. */
  reset(): void {
    this.#at = -1
  }
}
