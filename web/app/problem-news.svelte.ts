/* eslint svelte/prefer-svelte-reactivity: off -- only what the page shows of the news is reactive */
import { createContext } from 'svelte'
import type { ProblemCode } from '../../shared/diagnosis.ts'
import type { Row } from '../live/row.ts'
import type { Table, TableObserver } from '../live/table.ts'
import { Spaced } from './spaced.ts'

/** A screen reader needs this long for one sentence. */
const ANNOUNCE_EVERY_MS = 5_000
const NOTIFY_EVERY_MS = 10_000

export interface ProblemNewsOptions {
  table: Pick<Table, 'live'>
  /** A problem in words, with its client. */
  describe: (row: Row) => string
  /** Whether the visitor wants notifications and doesn't see the page. */
  away: () => boolean
  notify: (first: string, others: number) => void
}

/** Tells of each new problem of a connection: in a live region, and in a notification while the visitor is away. */
export class ProblemNews implements TableObserver {
  /** What is announced; it changes at most every 5 s. */
  announced = $state.raw<{ text: string; others: boolean } | null>(null)
  /** A problem has appeared since the visitor went away. */
  unseen = $state(false)
  readonly #options: ProblemNewsOptions
  /** The problem of each connection that has one; null until the first snapshot, whose problems are not new. */
  #known: Map<number, ProblemCode> | null = null
  readonly #announcements = new Spaced(ANNOUNCE_EVERY_MS, (text, others) => {
    this.announced = { text, others: others > 0 }
  })
  readonly #notifications: Spaced

  constructor(options: ProblemNewsOptions) {
    this.#options = options
    this.#notifications = new Spaced(NOTIFY_EVERY_MS, (text, others) => {
      if (options.away()) options.notify(text, others)
    })
  }

  changed(row: Row): void {
    if (this.#known === null) return
    const code = row.problem?.code
    if (code === this.#known.get(row.id)) return
    if (code === undefined) this.#known.delete(row.id)
    else {
      this.#known.set(row.id, code)
      this.#tell(row)
    }
  }

  removed(row: Row): void {
    this.#known?.delete(row.id)
  }

  replaced(): void {
    const before = this.#known
    this.#known = new Map()
    for (const row of this.#options.table.live.values()) {
      if (row.problem === null) continue
      this.#known.set(row.id, row.problem.code)
      if (before !== null && before.get(row.id) !== row.problem.code) this.#tell(row)
    }
  }

  /** The server was restarted, so all its problems are new. */
  forget(): void {
    this.#known?.clear()
  }

  /** The visitor sees the page. */
  seen(): void {
    this.unseen = false
    this.#notifications.forget()
  }

  #tell(row: Row): void {
    const { describe, away } = this.#options
    const text = describe(row)
    this.#announcements.add(text)
    if (!away()) return
    this.unseen = true
    this.#notifications.add(text)
  }
}

export const [getProblemNews, setProblemNews] = createContext<ProblemNews>()
