import { createContext } from 'svelte'
import type { Connection } from '../../shared/connection.ts'
import { type Api, describeRefusal } from '../live/api.ts'
import type { Table } from '../live/table.ts'
import { messages } from '../text/messages.ts'

/** How many records are requested at once. */
export const PAGE = 1_000

/** How far a filter's matches have been requested, the newest first. */
interface Walk {
  filter: string
  offset: number
  /** How many more the server had. */
  left: number
  /** The last record of the last page. */
  last: Connection | null
}

export interface OlderClosedOptions {
  api: Pick<Api, 'closedConnections'>
  table: Pick<Table, 'awaitRecords' | 'take' | 'tookAll' | 'dismiss'>
  /** Requests a repaint. */
  onChange: () => void
}

/** Loads the closed connections that the server keeps and the page lacks, page by page. */
export class OlderClosed {
  loading = $state(false)
  /** Why the last page could not be loaded; null: it could. */
  failure = $state<string | null>(null)
  /** How many rows the last page has added; null: none was loaded. */
  added = $state<number | null>(null)
  #walk = $state.raw<Walk | null>(null)
  readonly #options: OlderClosedOptions

  constructor(options: OlderClosedOptions) {
    this.#options = options
  }

  /** How many matches the server has after those that were requested; null: not known, because none was. */
  left(filter: string): number | null {
    return this.#walk?.filter === filter ? this.#walk.left : null
  }

  /** Loads the next matches that the page lacks. @param filter as typed; empty: all */
  async load(filter: string): Promise<void> {
    if (this.loading) return
    this.loading = true
    this.failure = this.added = null
    do this.failure = await this.#nextPage(filter)
    while (this.failure === null && this.added === 0 && this.left(filter) !== 0)
    this.loading = false
    this.#options.onChange()
  }

  /** A snapshot came: the page may lack others now, or the server was restarted. */
  startOver(): void {
    this.#walk = null
    this.failure = this.added = null
  }

  /** @returns why it failed, or null */
  async #nextPage(filter: string): Promise<string | null> {
    const { api, table } = this.#options
    const { offset, last } = this.#walk?.filter === filter ? this.#walk : { offset: 0, last: null }
    // From the last known one, which tells whether the page continues where the one before ended.
    const from = Math.max(0, offset - 1)
    const late = table.awaitRecords()
    const answer = await api.closedConnections(filter, from, PAGE + offset - from)
    if (!answer.ok) {
      table.dismiss(late)
      return describeRefusal(answer)
    }
    const { total, items } = answer.body
    const rows = table.take(late, items)
    if (rows === null) return messages.list.older.interrupted
    this.added = rows.length
    const reached = from + items.length
    // Records before this place no longer match or are no longer kept, so that others have moved up. Begin again.
    const moved = last !== null && (items[0] === undefined || isOlder(items[0], last))
    const left = Math.max(0, total - reached)
    this.#walk = moved ? null : { filter, offset: reached, left, last: items.at(-1) ?? null }
    if (!moved && filter === '' && left === 0) table.tookAll()
    return null
  }
}

function isOlder(one: Connection, other: Connection): boolean {
  const [at, before] = [one.close?.at ?? 0, other.close?.at ?? 0]
  return at < before || (at === before && one.id < other.id)
}

export const [getOlderClosed, setOlderClosed] = createContext<OlderClosed>()
