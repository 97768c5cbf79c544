/* eslint svelte/prefer-svelte-reactivity: off -- what frames change stays plain data, on purpose: see Dashboard */
import {
  PROTOCOL,
  SUBPROTOCOL,
  type Change,
  type Counters,
  type Listener,
  type ServerFrame,
} from '../../shared/stream.ts'
import { ServerClock } from './clock.ts'
import type { ColumnId } from './columns.ts'
import { Feed, openWebSocket } from './feed.ts'
import { History } from './history.ts'
import type { Row } from './row.ts'
import { FrameScheduler } from './scheduler.ts'
import { Table, type TableObserver } from './table.ts'
import { feedUrl } from './token.ts'
import { View, type HoldReason, type Show, type Waiting } from './view.ts'

export type Link = 'connecting' | 'syncing' | 'live' | 'lost'

/** Why the server will not talk to this page, where that can be told. */
export type Refusal = 'token' | 'protocol'

const IGNORE: TableObserver = { changed() {}, removed() {}, replaced() {} }
/** A refusal is news for so long. */
const BEHIND_MS = 10_000
const NOTHING: Waiting = { added: 0, gone: 0, order: false }

/**
 * The page's state: feed -> table -> view. The table and the view are plain data that frames change in place; what is
 * reactive here changes once per animation frame, however many frames came.
 */
export class Dashboard {
  link = $state<Link>('connecting')
  /** The server's clock when the link was lost. */
  lostAt = $state<number | null>(null)
  refusal = $state<Refusal | null>(null)
  listener = $state.raw<Listener | null>(null)
  counters = $state.raw<Counters | null>(null)
  live = $state(0)
  /** Connections were refused just now, because the server could not keep up. */
  behind = $state(false)
  /** The remote address that all live connections share, if they do. */
  commonRemote = $state<string | null>(null)
  closed = $state(0)
  /** The server's clock, once a second; stands still while the link is lost. */
  now = $state(Date.now())
  /** Another one whenever the list's rows or their order are. */
  listVersion = $state(0)
  waiting = $state.raw<Waiting>(NOTHING)
  pausedAt = $state<number | null>(null)
  changesSincePause = $state(0)
  show = $state<Show>('all')
  filter = $state('')
  sort = $state.raw<{ column: ColumnId; descending: boolean }>({ column: 'id', descending: true })

  readonly history = new History()
  readonly clock = new ServerClock()
  #observer: TableObserver = IGNORE
  readonly table = new Table({
    changed: (row) => this.#observer.changed(row),
    removed: (row) => this.#observer.removed(row),
    replaced: () => this.#observer.replaced(),
  })
  readonly view = new View(this.table, () => this.clock.now())
  #token: string | null
  #latest: Counters | null = null
  #behindAt = -Infinity
  #changesAtPause = 0
  #frozen: Map<number, Row> | null = null
  #frameCallbacks = new Set<() => void>()
  #scheduler = new FrameScheduler(() => this.#flush())
  #feed: Feed
  #greeted = false

  constructor(token: string | null) {
    this.#token = token
    this.#observer = this.view
    const open = openWebSocket(feedUrl(location, token), SUBPROTOCOL)
    this.#feed = new Feed({
      open: (events) => {
        this.#greeted = false
        return open(events)
      },
      onFrame: (frame) => this.#receive(frame as ServerFrame),
      onLost: () => this.#lose(),
    })
  }

  /** @returns what ends it */
  start(): () => void {
    const tick = setInterval(() => this.#tick(), 1000)
    const retry = () => this.retry()
    addEventListener('online', retry)
    this.#feed.start()
    return () => {
      clearInterval(tick)
      removeEventListener('online', retry)
      this.#feed.stop()
    }
  }

  retry(): void {
    this.#feed.retryNow()
  }

  /** Calls back once per animation frame in which anything changed. @returns the remover */
  onFrame(callback: () => void): () => void {
    this.#frameCallbacks.add(callback)
    return () => this.#frameCallbacks.delete(callback)
  }

  /** The row as the page shows it: as it was when the view was paused. */
  row(id: number): Row | undefined {
    return this.#frozen ? this.#frozen.get(id) : this.table.get(id)
  }

  hold(reason: HoldReason, on: boolean): void {
    this.view.hold(reason, on)
    this.#scheduler.request()
  }

  showWaiting(): void {
    this.view.applyWaiting()
    this.#listChanged()
  }

  setFilter(text: string): void {
    this.filter = text
    this.view.setFilter(text)
    this.#listChanged()
  }

  setShow(show: Show): void {
    this.show = show
    this.view.setShow(show)
    this.#listChanged()
  }

  setSort(column: ColumnId, descending: boolean): void {
    this.sort = { column, descending }
    this.view.setSort(column, descending)
    this.#listChanged()
  }

  togglePause(): void {
    if (this.pausedAt === null) {
      // A copy, so that a paused list can still be scrolled, sorted and filtered while the table goes on.
      const frozen = new Map<number, Row>()
      for (const row of this.table.rows()) frozen.set(row.id, row.frozen())
      this.#frozen = frozen
      this.#observer = IGNORE
      this.#changesAtPause = this.table.changes
      this.changesSincePause = 0
      this.now = this.pausedAt = this.clock.now()
      this.view.setSource({ rows: () => frozen.values() })
    } else {
      this.#frozen = null
      this.pausedAt = null
      this.now = this.clock.now()
      this.#observer = this.view
      this.view.setSource(this.table)
    }
    this.#listChanged()
  }

  #receive(frame: ServerFrame): void {
    if (this.refusal === 'protocol') return
    switch (frame.type) {
      case 'hello':
        this.#greeted = true
        if (frame.protocol !== PROTOCOL) {
          this.refusal = 'protocol'
          this.#lose()
          return
        }
        this.refusal = null
        this.clock.sync(frame.now)
        this.history.load(frame.history)
        this.table.begin(frame.instance)
        this.listener = frame.listener
        this.link = 'syncing'
        break
      case 'snapshot':
        if (frame.resync) this.link = 'syncing'
        this.#count(frame.counters)
        if (this.table.applySnapshot(frame)) {
          this.link = 'live'
          this.lostAt = null
        }
        break
      case 'changes':
        this.#count(frame.counters)
        this.table.applyChanges(frame)
        if (frame.changes.some(isBehind)) this.#behindAt = this.clock.now()
        break
      case 'listener':
        this.listener = frame.listener
        break
      default:
        // Frames of a type that this page does not know, or answers to what it never asks.
        return
    }
    this.#scheduler.request()
  }

  #count(counters: Counters): void {
    this.#latest = counters
    this.history.add(this.clock.now(), counters)
  }

  #lose(): void {
    this.history.interrupt()
    if (this.link !== 'lost') this.lostAt = this.clock.now()
    this.link = 'lost'
    if (!this.#greeted) void this.#askWhy()
    this.#scheduler.request()
  }

  /** A browser does not tell a page why a WebSocket was refused; a plain request does. */
  async #askWhy(): Promise<void> {
    const headers = this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }
    const status = await fetch(new URL('api/listener', location.href), { headers }).then(
      (response) => response.status,
      () => null,
    )
    if (this.link === 'lost' && this.refusal !== 'protocol') this.refusal = status === 401 ? 'token' : null
  }

  #tick(): void {
    if (this.link === 'live') {
      if (this.pausedAt === null) {
        this.now = this.clock.now()
        this.view.tick()
      }
      this.history.fill(this.clock.now())
    }
    this.#scheduler.request()
  }

  #listChanged(): void {
    this.listVersion++
    this.#scheduler.request()
  }

  #flush(): void {
    if (this.pausedAt === null && this.view.flush()) this.listVersion++
    const waiting = this.view.waiting
    const due = waiting.added > 0 || waiting.gone > 0
    this.waiting = this.view.held && (due || waiting.order) ? waiting : NOTHING
    // Rows wait to come and go, but it is too soon for another list.
    if (due && !this.view.held && this.pausedAt === null) this.#scheduler.request()
    this.counters = this.#latest
    this.live = this.table.live.size
    this.closed = this.table.closed.size
    this.behind = this.clock.now() - this.#behindAt < BEHIND_MS
    const [address] = this.table.remotes.keys()
    this.commonRemote = this.table.remotes.size === 1 ? (address ?? null) : null
    if (this.pausedAt !== null) this.changesSincePause = this.table.changes - this.#changesAtPause
    for (const callback of this.#frameCallbacks) callback()
  }
}

function isBehind(change: Change): boolean {
  return change.kind === 'refused' && change.why === 'behind'
}
