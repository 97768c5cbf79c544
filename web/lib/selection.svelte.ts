import type { Dashboard } from './dashboard.svelte.ts'
import type { Row } from './row.ts'

/** The connection under the keyboard's cursor, and whether the panel shows it. Kept in the URL as `#c=12`. */
export class Selection {
  id = $state<number | null>(null)
  open = $state(false)
  #dashboard: Dashboard

  constructor(dashboard: Dashboard) {
    this.#dashboard = dashboard
    this.followUrl()
  }

  followUrl(): void {
    const id = /^#c=(\d+)$/.exec(location.hash)?.[1]
    if (id !== undefined) this.show(Number(id))
  }

  show(id: number): void {
    this.id = id
    this.open = true
    history.replaceState(null, '', `#c=${id}`)
  }

  close(): void {
    this.open = false
    history.replaceState(null, '', location.pathname + location.search)
  }

  /** To the row so many places further down. @returns its index in the list, or null if there is none */
  move(by: number): number | null {
    const { list } = this.#dashboard
    const { view } = list
    if (view.length === 0) return null
    const current = this.id === null ? undefined : list.row(this.id)
    const from = current ? view.indexOf(current) : -1
    const index = from === -1 ? 0 : Math.min(view.length - 1, Math.max(0, from + by))
    const row: Row | undefined = view.at(index)
    if (!row) return null
    if (this.open) this.show(row.id)
    else this.id = row.id
    return index
  }
}
