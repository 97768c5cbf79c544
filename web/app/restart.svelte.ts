import { createContext } from 'svelte'
import type { LinkReader } from '../live/server-link.svelte.ts'
import type { Selection } from '../nav/selection.svelte.ts'

/** The parts of the page that keep connection ids. Each `forget` drops its ids. */
export interface Held {
  selection: Pick<Selection, 'openId' | 'forget'>
  others: readonly { forget(): void }[]
}

/** Notices that the server was restarted. Its ids start again, so an id that the page holds would mean another connection. */
export class Restart {
  /** The connection whose panel was open when the server was restarted. */
  closedPanel = $state<number | null>(null)
  readonly #held: Held
  #instance: string | null = null
  /** The rows of the last run are still on the page. */
  #due = false

  constructor(link: { subscribe(reader: LinkReader): void }, held: Held) {
    this.#held = held
    link.subscribe({
      hello: ({ instance }) => {
        this.#due = this.#instance !== null && instance !== this.#instance
        this.#instance = instance
        if (this.#due) this.#forget()
      },
      snapshot: ({ last }) => {
        // Somebody may have opened an old row meanwhile.
        if (last && this.#due) this.#forget()
        if (last) this.#due = false
      },
    })
  }

  #forget(): void {
    const { selection, others } = this.#held
    this.closedPanel = selection.openId ?? this.closedPanel
    selection.forget()
    for (const other of others) other.forget()
  }
}

export const [getRestart, setRestart] = createContext<Restart>()
