import { createContext } from 'svelte'

/** What stands beside the list. */
export type Side = 'connection' | 'lookup' | 'experiments' | 'kernel' | 'lesson' | 'summary'

const BY_HASH = ['lookup', 'experiments', 'kernel', 'lesson', 'summary'] as const satisfies readonly Side[]

export type Tab = 'facts' | 'bytes'

/** Stands for the listening socket of the server, in `litSocket`. */
export const LISTENING = 'listening'

const NONE_LIT: ReadonlySet<number> = new Set()

/** The connection under the keyboard's cursor, and what stands beside the list. Kept in the URL as `#c=12`, `#c=12&bytes`, `#lookup`, `#lesson` … */
export class Selection {
  id = $state<number | null>(null)
  side = $state<Side | null>(null)
  /** What the panel shows of the connection. */
  tab = $state<Tab>('facts')
  /** Rows that a lookup, an experiment or the lesson points at. */
  lit = $state.raw<ReadonlySet<number>>(NONE_LIT)
  /** A socket without a row that a lookup ends in: the listening one, or by its 4-tuple one that only the kernel has. */
  litSocket = $state<string | null>(null)
  /** A row that is to be scrolled into view; another object each time. */
  revealed = $state.raw<{ id: number } | null>(null)
  /** What is looked at for a moment stands where the lesson stood, and it comes back after. */
  #overLesson = $state(false)

  constructor() {
    this.followUrl()
  }

  /** The panel shows the connection. */
  get open(): boolean {
    return this.side === 'connection'
  }

  /** The lesson goes on, though something else may stand in its place for a moment. */
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
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced whole, never changed
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
