/* eslint svelte/prefer-svelte-reactivity: off -- reactive fields are chosen by hand; everything else is plain data */
import { createContext } from 'svelte'
import {
  ALIVE_MS,
  PROTOCOL,
  SUBPROTOCOL,
  type HelloFrame,
  type KernelState,
  type ServerFrame,
  type SnapshotFrame,
} from '../../shared/stream.ts'
import { ChangeRate } from './change-rate.ts'
import { ServerClock } from './clock.ts'
import { Feed, GOING_AWAY, openWebSocket } from './feed.ts'
import { askWhy, type Refusal } from './refusal.ts'
import type { Repaint } from './repaint.ts'
import { feedUrl } from './token.ts'

export type LinkState = 'connecting' | 'syncing' | 'live' | 'lost'

type FrameByType = { [F in ServerFrame as F['type']]: F }

type FrameHandlers = { [T in keyof FrameByType]?: (frame: FrameByType[T]) => void }

/** A reader's callbacks. Each is optional. */
export type LinkReader = FrameHandlers & {
  /** Facts are unknown from now until the next `hello`. */
  lost?: () => void
  /** Once a second while the link is live. */
  second?: () => void
}

/** Silence after which the link counts as dead. */
const LINK_DEAD_MS = 4 * ALIVE_MS

/** The page's WebSocket to the server: its state, and the distribution of its frames to readers. */
export class ServerLink {
  state = $state<LinkState>('connecting')
  /** When the link was lost, by the server's clock. */
  lostAt = $state<number | null>(null)
  /** The server announced that it was shutting down. */
  stopped = $state(false)
  refusal = $state<Refusal | null>(null)
  /** The limit of readers that is reached. */
  readersLimit = $state<number | null>(null)
  readonly clock = new ServerClock()
  #token: string | null
  #repaint: Repaint
  #readers = new Set<LinkReader>()
  #feed: Feed
  #greeted = false
  /** The last attempt's WebSocket failed although the server would accept it. */
  #blocked = false
  #heardAt = 0
  #rate = new ChangeRate()
  #kernelTold = ''

  constructor(token: string | null, repaint: Repaint) {
    this.#token = token
    this.#repaint = repaint
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

  /** @returns a function that stops the link */
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

  /** Readers get each frame in the order in which they subscribed. */
  subscribe(reader: LinkReader): void {
    this.#readers.add(reader)
  }

  /** Frames sent before `hello` are dropped, so a reader repeats its request after each `hello`. */
  send(frame: object): void {
    if (this.#greeted) this.#feed.send(frame)
  }

  #receive(frame: ServerFrame): void {
    this.#heardAt = Date.now()
    if (this.refusal === 'protocol') return
    // The browser's monotonic clock stops while a laptop sleeps, and the server's clock may be set.
    if (frame.type === 'alive') this.clock.sync(frame.now)
    if (frame.type === 'hello') this.#greet(frame)
    else if (frame.type === 'snapshot') this.#sync(frame)
    else if (!this.#tell(frame.type, frame)) return
    if (frame.type === 'changes') this.#rate.add(frame.changes.length, performance.now())
    if (isUrgent(frame) && !this.#rate.flooded) this.#repaint.request()
    else if (frame.type !== 'kernel' || this.#isNews(frame.kernel)) this.#repaint.requestSoon()
  }

  #greet(frame: HelloFrame): void {
    this.#greeted = true
    if (frame.protocol !== PROTOCOL) {
      this.refusal = 'protocol'
      this.#lose(null)
      return
    }
    this.refusal = null
    this.#blocked = false
    this.clock.sync(frame.now)
    this.state = 'syncing'
    this.#tell('hello', frame)
  }

  #sync(frame: SnapshotFrame): void {
    if (frame.resync) this.state = 'syncing'
    this.#tell('snapshot', frame)
    if (!frame.last) return
    this.state = 'live'
    this.lostAt = null
    // Repaint now: "live" must not appear next to outdated counts.
    this.#repaint.now()
  }

  /** @returns false if no reader knows this type of frame */
  #tell<T extends keyof FrameByType>(type: T, frame: FrameByType[T]): boolean {
    let known = false
    for (const reader of this.#readers) {
      const handlers: FrameHandlers = reader
      const handler = handlers[type]
      if (!handler) continue
      handler(frame)
      known = true
    }
    return known
  }

  #lose(code: number | null): void {
    for (const { lost } of this.#readers) lost?.()
    if (this.state !== 'lost') {
      this.lostAt = this.clock.now()
      this.stopped = code === GOING_AWAY
    }
    this.state = 'lost'
    if (!this.#greeted) void this.#askWhy()
    this.#repaint.request()
  }

  async #askWhy(): Promise<void> {
    const why = await askWhy(this.#token)
    if (this.state !== 'lost' || this.refusal === 'protocol') return
    const blocked = why?.refusal === 'upgrade'
    // A server that has just started fails the WebSocket and accepts the question. So the first time counts for nothing.
    this.refusal = blocked && !this.#blocked ? null : (why?.refusal ?? null)
    this.readersLimit = why?.limit ?? null
    this.#blocked = blocked
  }

  /** Four samples a second say the same of an idle port. The time of the last one is drawn once a second. */
  #isNews(kernel: KernelState): boolean {
    const told = JSON.stringify({ ...kernel, sampledAt: null, tookMs: null })
    const before = this.#kernelTold
    this.#kernelTold = told
    return told !== before
  }

  #tick(): void {
    // When a machine sleeps or a cable is pulled, the WebSocket stays open for minutes.
    const connected = this.state === 'live' || this.state === 'syncing'
    // The wall clock counts the sleep too. Set back, it says nothing about the silence, so the link counts as dead as well.
    if (connected && Math.abs(Date.now() - this.#heardAt) > LINK_DEAD_MS) this.#feed.giveUp()
    if (this.state === 'live') for (const { second } of this.#readers) second?.()
    this.#repaint.requestSoon()
  }
}

/** New rows and somebody's actions are drawn in the next frame, except in a flood. The rest can wait. */
function isUrgent(frame: ServerFrame): boolean {
  if (frame.type === 'changes') return frame.changes.some(({ kind }) => kind === 'accept' || kind === 'action')
  return frame.type !== 'alive' && frame.type !== 'kernel'
}

export const [getLink, setLink] = createContext<ServerLink>()
