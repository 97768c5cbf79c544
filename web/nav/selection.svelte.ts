import { createContext } from 'svelte'

/** What the panel next to the list shows. */
export type Side = 'connection' | 'lookup' | 'experiments' | 'kernel' | 'lesson' | 'summary'

const BY_HASH = ['lookup', 'experiments', 'kernel', 'lesson', 'summary'] as const satisfies readonly Side[]

export type Tab = 'facts' | 'bytes'

/** Value of `litSocket` that means the listening socket. */
export const LISTENING = 'listening'

const NONE_LIT: ReadonlySet<number> = new Set()

/**
 * The row under the keyboard's cursor, and the open panel. Kept in the URL as `#c=12`, `#c=12&bytes`, `#lookup`,
 * `#lesson` and so on.
 */
export class Selection {
  id = $state<number | null>(null)
  side = $state<Side | null>(null)
  /** The open tab of the connection's panel. */
  tab = $state<Tab>('facts')
  /** Rows highlighted by a lookup, an experiment or the lesson. */
  lit = $state.raw<ReadonlySet<number>>(NONE_LIT)
  /** Highlighted socket without a row: the listening socket, or the 4-tuple of a socket that only the kernel knows. */
  litSocket = $state<string | null>(null)
  /** The row to scroll into view; a new object for each request. */
  revealed = $state.raw<{ id: number } | null>(null)
  /** Another panel covers the lesson for now; closing that panel returns to the lesson. */
  #overLesson = $state(false)

  constructor() {
    this.followUrl()
  }

  /** The panel shows a connection. */
  get open(): boolean {
    return this.side === 'connection'
  }

  /** The lesson has not been left, although another panel may cover it for now. */
  get inLesson(): boolean {
    return this.side === 'lesson' || this.#overLesson
  }

  followUrl(): void {
    const [, id, bytes] = /^#c=(\d+)(&bytes)?$/.exec(location.hash) ?? []
    if (id !== undefined) this.show(Number(id), bytes === undefined ? 'facts' : 'bytes')
    const side = BY_HASH.find((name) => location.hash === `#${name}`)
    if (side) this.showSide(side)
  }

  show(id: number, tab = this.tab): void {
    this.#overLesson = this.inLesson
    this.id = id
    this.tab = tab
    this.side = 'connection'
    this.light(NONE_LIT)
    history.replaceState(null, '', `#c=${id}${tab === 'bytes' ? '&bytes' : ''}`)
  }

  showSide(side: Exclude<Side, 'connection'>): void {
    this.#overLesson = side === 'lookup' && this.inLesson
    this.side = side
    this.light(NONE_LIT)
    history.replaceState(null, '', `#${side}`)
  }

  light(ids: Iterable<number>, socket: string | null = null): void {
    this.litSocket = socket
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- always replaced, never changed
    this.lit = new Set(ids)
  }

  reveal(id: number): void {
    this.light([id])
    this.revealed = { id }
  }

  close(): void {
    if (this.#overLesson) return this.showSide('lesson')
    this.side = null
    this.light(NONE_LIT)
    history.replaceState(null, '', location.pathname + location.search)
  }
}

export const [getSelection, setSelection] = createContext<Selection>()
