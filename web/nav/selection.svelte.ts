import { createContext } from 'svelte'
import type { AddressBar } from './address-bar.svelte.ts'
import { type Address, type Side, START, startView, type Tab, TABS, type View } from './address.ts'

/** Value of `litSocket` that means the listening socket. */
export const LISTENING = 'listening'

const NONE_LIT: ReadonlySet<number> = new Set()

/** The row under the keyboard's cursor, the open panel, and what is highlighted. The panel follows from the address. */
export class Selection {
  id = $state<number | null>(null)
  /** The connection under the pointer, or focused in the list; list and picture both mark it. */
  hovered = $state<number | null>(null)
  /** Rows highlighted by a lookup, an experiment or the lesson. */
  lit = $state.raw<ReadonlySet<number>>(NONE_LIT)
  /** Highlighted socket without a row: the listening socket, or the 4-tuple of a socket that only the kernel knows. */
  litSocket = $state<string | null>(null)
  /** The row to scroll into view; a new object for each request. */
  revealed = $state.raw<{ id: number } | null>(null)
  /** Another panel covers the lesson for now; closing that panel returns to the lesson. */
  #overLesson = $state(false)
  /** The view to return to from the lesson; null before the first one, for example if the page opened in the lesson. */
  #viewBefore: View | null = null
  #bar: AddressBar
  #side: Side | null

  constructor(bar: AddressBar) {
    this.#bar = bar
    this.id = bar.at.connection
    this.#side = bar.at.side
    bar.onFollow((address) => this.#follow(address))
  }

  /** What the panel beside the view shows. */
  get side(): Side | null {
    return this.#bar.at.side
  }

  /** The open tab of the connection's panel. */
  get tab(): Tab {
    return this.#bar.at.tab
  }

  /** The panel shows a connection. */
  get open(): boolean {
    return this.side === 'connection'
  }

  /** The connection that the panel shows. */
  get openId(): number | null {
    return this.#bar.at.connection
  }

  /** The lesson has not been left, although another panel may cover it for now. */
  get inLesson(): boolean {
    return this.side === 'lesson' || this.#overLesson
  }

  /** Opens a connection. Back returns to what was open before. */
  show(id: number, tab = this.tab): void {
    this.#leaveFor('connection')
    this.id = id
    this.#bar.go({ side: 'connection', connection: id, tab })
  }

  /** Moves the cursor. An open panel follows it. */
  moveTo(id: number): void {
    this.id = id
    if (!this.open) return
    this.light(NONE_LIT)
    this.#bar.adjust({ connection: id })
  }

  /** Turns to another tab of the open connection. */
  turnTo(tab: Tab): void {
    this.#bar.adjust({ tab })
  }

  /** Turns to the next tab or the one before, around the ends. */
  turn(by: number): void {
    const tab = TABS.at((TABS.indexOf(this.tab) + by) % TABS.length)
    if (tab !== undefined) this.turnTo(tab)
  }

  showSide(side: Exclude<Side, 'connection'>): void {
    this.#goTo(side)
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
    this.#goTo(this.#overLesson ? 'lesson' : null)
  }

  /** The server was restarted, so no id means the same connection any longer. Closes the connection's panel. */
  forget(): void {
    if (this.open) this.#goTo(this.#overLesson ? 'lesson' : null, 'adjust')
    this.id = this.hovered = this.revealed = null
    this.light(NONE_LIT)
  }

  /** Back to the port, even if another panel covers the lesson. */
  leaveLesson(): void {
    this.#goTo(null)
  }

  /** The lesson has its own view, so entering it changes the view, and leaving it restores the one before. */
  #goTo(side: Exclude<Side, 'connection'> | null, how: 'go' | 'adjust' = 'go'): void {
    const [before, from] = [this.inLesson, this.#side]
    this.#leaveFor(side)
    const after = side === 'lesson' || this.#overLesson
    let { view } = this.#bar.at
    if (after && !before && from !== 'summary') {
      this.#viewBefore = view
      view = startView('lesson')
    } else if (before && !after && side !== 'summary') view = this.#viewBefore ?? START.view
    this.#bar[how]({ side, connection: null, view })
  }

  #follow({ side, connection }: Address): void {
    if (connection !== null) this.id = connection
    if (side !== this.#side) this.#leaveFor(side)
  }

  #leaveFor(side: Side | null): void {
    const inLesson = this.#side === 'lesson' || this.#overLesson
    this.#overLesson = inLesson && (side === 'connection' || side === 'lookup')
    this.#side = side
    this.light(NONE_LIT)
  }
}

export const [getSelection, setSelection] = createContext<Selection>()
