/* eslint svelte/prefer-svelte-reactivity: off -- what is reactive here is chosen, the rest is plain data */
import {
  ALIVE_MS,
  PROTOCOL,
  SUBPROTOCOL,
  type Change,
  type Counters,
  type KernelState,
  type Listener,
  type ServerFrame,
} from '../../shared/stream.ts'
import type { FollowFrame } from '../../shared/payload.ts'
import { Api } from './api.ts'
import { Followed } from '../stream/followed.ts'
import type { DropCounters } from '../../shared/kernel.ts'
import { ServerClock } from './clock.ts'
import { ExperimentRun } from '../experiments/experiment-run.svelte.ts'
import { EXPERIMENTS } from '../experiments/experiments.ts'
import { Feed, GOING_AWAY, openWebSocket } from './feed.ts'
import { RateHistory } from './rate-history.ts'
import { ListState } from '../list/list.svelte.ts'
import { FrameScheduler } from './scheduler.ts'
import { sampleAge, type SampleAge } from './sample.ts'
import { Table } from './table.ts'
import { feedUrl } from './token.ts'

export type Link = 'connecting' | 'syncing' | 'live' | 'lost'

/** Why the server will not talk to this page, where that can be told. */
export type Refusal = 'token' | 'wrong-token' | 'protocol'

/** A refusal is news for so long. */
const BEHIND_MS = 10_000

/** So long without a frame, and the link counts as dead. */
const LINK_DEAD_MS = 4 * ALIVE_MS

/**
 * The page's state: feed -> table -> list. The table is plain data that frames change in place; what is
 * reactive changes once per animation frame, however many frames came.
 */
export class Dashboard {
  link = $state<Link>('connecting')
  /** The server's clock when the link was lost. */
  lostAt = $state<number | null>(null)
  /** The server said that it stops. */
  stopped = $state(false)
  refusal = $state<Refusal | null>(null)
  /** The server refuses every write. */
  readOnly = $state(false)
  /** This page came by the join link. */
  joined = $state(false)
  /** This machine's IP address as the server sees it. */
  readerAddress = $state<string | null>(null)
  listener = $state.raw<Listener | null>(null)
  counters = $state.raw<Counters | null>(null)
  /** What the kernel says of the port as a whole. */
  kernel = $state.raw<KernelState | null>(null)
  /** The kernel could be asked at least once: there is something to make room for. */
  kernelKnown = $state(false)
  /** The namespace's counters as they were when this page first heard of them. */
  dropsAtOpening: DropCounters | null = null
  live = $state(0)
  /** Connections were refused just now, because the server could not keep up. */
  behind = $state(false)
  /** The remote address that all live connections share, if they do. */
  commonRemote = $state<string | null>(null)
  closed = $state(0)
  /** The server's clock, once a second; stands still while the link is lost. */
  now = $state(Date.now())

  readonly api: Api
  /** Kept here, so that clients can still be cleaned up after the page showed something else. */
  readonly runs: ExperimentRun[]
  /** The connection whose bytes are shown, and what is known of them: plain data, changed in place. */
  followed: Followed | null = null
  readonly history = new RateHistory()
  readonly clock = new ServerClock()
  readonly list: ListState = new ListState({
    table: {
      rows: () => this.table.rows(),
      get: (id) => this.table.get(id),
      changes: () => this.table.changes,
    },
    clock: () => this.clock.now(),
    onChange: () => this.#scheduler.request(),
  })
  readonly table: Table = new Table(this.list)
  /** The server's run, whose ids these are. */
  instance: string | null = null
  #token: string | null
  #latest: Counters | null = null
  #latestKernel: KernelState | null = null
  #behindAt = -Infinity
  #frameCallbacks = new Set<() => void>()
  #scheduler = new FrameScheduler(() => this.#flush())
  #feed: Feed
  #greeted = false
  #heardAt = 0

  constructor(token: string | null) {
    this.#token = token
    this.api = new Api(token)
    this.runs = EXPERIMENTS.map((experiment) => new ExperimentRun(experiment, this.api))
    const open = openWebSocket(feedUrl(location, token), SUBPROTOCOL)
    this.#feed = new Feed({
      open: (events) => {
        this.#greeted = false
        return open(events)
      },
      onFrame: (frame) => this.#receive(frame as ServerFrame),
      onLost: (code) => this.#lose(code),
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

  /** From now on this connection's bytes come; null: none. */
  follow(id: number | null): void {
    this.followed = id === null ? null : new Followed(id)
    this.#askToFollow()
  }

  #askToFollow(): void {
    const frame: FollowFrame = { type: 'follow', id: this.followed?.id ?? null }
    if (this.#greeted) this.#feed.send(frame)
  }

  /** How old the newest look at the kernel is, and whether it can still be shown as how things are. */
  get sample(): SampleAge {
    return sampleAge(this.kernel, this.link, this.now)
  }

  /** The moment whose rows are shown: now, or that of the pause. The server's clock. */
  get shownAt(): number {
    return this.list.frozenAt ?? this.now
  }

  /** Calls back once per animation frame in which anything changed. @returns the remover */
  onFrame(callback: () => void): () => void {
    this.#frameCallbacks.add(callback)
    return () => this.#frameCallbacks.delete(callback)
  }

  #receive(frame: ServerFrame): void {
    this.#heardAt = Date.now()
    if (this.refusal === 'protocol') return
    switch (frame.type) {
      case 'hello':
        this.#greeted = true
        if (frame.protocol !== PROTOCOL) {
          this.refusal = 'protocol'
          this.#lose(null)
          return
        }
        this.refusal = null
        this.clock.sync(frame.now)
        this.history.load(frame.history)
        this.table.begin(frame.instance)
        this.readOnly = frame.readOnly
        this.joined = frame.joined
        this.readerAddress = frame.readerAddress
        this.listener = frame.listener
        this.#applyKernel(frame.kernel)
        this.link = 'syncing'
        // Another server's connection of the same number is another one.
        if (this.followed && frame.instance !== this.instance) this.followed = new Followed(this.followed.id)
        this.instance = frame.instance
        if (this.followed) this.#askToFollow()
        break
      case 'payload':
        this.followed?.apply(frame)
        break
      case 'error':
        if (frame.code === 'CONNECTION_NOT_FOUND') this.followed?.refuse()
        break
      case 'snapshot':
        if (frame.resync) this.link = 'syncing'
        this.#count(frame.counters)
        if (this.table.applySnapshot(frame)) {
          this.link = 'live'
          this.lostAt = null
          // Not with the next animation frame: "live" must not stand beside the counts of before.
          this.#flush()
        }
        break
      case 'changes':
        this.#count(frame.counters)
        this.table.applyChanges(frame, this.clock.now())
        if (frame.changes.some(isBehind)) this.#behindAt = this.clock.now()
        break
      case 'listener':
        this.listener = frame.listener
        break
      case 'kernel':
        this.#applyKernel(frame.kernel)
        break
      default:
        // Frames of a type that this page does not know.
        return
    }
    this.#scheduler.request()
  }

  #applyKernel(kernel: KernelState): void {
    this.#latestKernel = kernel
    this.dropsAtOpening ??= kernel.drops
  }

  #count(counters: Counters): void {
    this.#latest = counters
    this.history.add(this.clock.now(), counters)
  }

  #lose(code: number | null): void {
    this.history.interrupt()
    if (this.link !== 'lost') {
      this.lostAt = this.clock.now()
      this.stopped = code === GOING_AWAY
    }
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
    if (this.link === 'lost' && this.refusal !== 'protocol')
      this.refusal = status !== 401 ? null : this.#token === null ? 'token' : 'wrong-token'
  }

  #tick(): void {
    // A machine that slept, or a cable that was pulled, closes no WebSocket for minutes.
    const connected = this.link === 'live' || this.link === 'syncing'
    if (connected && Date.now() - this.#heardAt > LINK_DEAD_MS) this.#feed.giveUp()
    if (this.link === 'live') {
      this.now = this.clock.now()
      this.history.fill(this.now)
      this.list.tick()
    }
    this.#scheduler.request()
  }

  #flush(): void {
    this.list.flush()
    this.counters = this.#latest
    this.kernel = this.#latestKernel
    this.kernelKnown ||= this.kernel?.available === true
    this.live = this.table.live.size
    this.closed = this.table.closed.size
    this.behind = this.clock.now() - this.#behindAt < BEHIND_MS
    const [address] = this.table.remotes.keys()
    this.commonRemote = this.table.remotes.size === 1 ? (address ?? null) : null
    for (const callback of this.#frameCallbacks) callback()
  }
}

function isBehind(change: Change): boolean {
  return change.kind === 'refused' && change.why === 'behind'
}
