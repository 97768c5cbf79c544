import { createContext } from 'svelte'
import type { DropCounters } from '../../shared/kernel.ts'
import type { Change, Counters, HelloFrame, KernelState, Listener } from '../../shared/stream.ts'
import { RateHistory, type Span, spanOf } from './rate-history.ts'
import type { Repaint } from './repaint.ts'
import { sampleAge, type SampleAge } from './sample.ts'
import type { ServerLink } from './server-link.svelte.ts'
import type { Table } from './table.ts'

/** How long the page reports a refused connection. */
const BEHIND_MS = 10_000

/** The facts about the port as a whole. Counts change once per repaint, together with the rows they count. */
export class ServerFacts {
  /** The server refuses every write. */
  readOnly = $state(false)
  /** This page was opened with a join link. */
  joined = $state(false)
  /** This machine's IP address as the server sees it. */
  readerAddress = $state<string | null>(null)
  /** Identifies the server's run. Connection ids start again with each run. */
  instance = $state<string | null>(null)
  listener = $state.raw<Listener | null>(null)
  counters = $state.raw<Counters | null>(null)
  kernel = $state.raw<KernelState | null>(null)
  /** The kernel was sampled at least once, so the page makes room for its facts. */
  kernelKnown = $state(false)
  /** The network namespace's drop counters when this page was opened. */
  dropsAtOpening: (DropCounters & { at: number }) | null = null
  live = $state(0)
  closed = $state(0)
  /** Closed connections that this page does not have. */
  notKept = $state(0)
  /** How many of these the server keeps; null if there may be some. */
  older = $state<number | null>(0)
  /** Connections were refused within the last seconds, because the server could not keep up. */
  behind = $state(false)
  /** The remote address of every live connection, if they all have the same. */
  commonRemote = $state<string | null>(null)
  /** The server's clock, updated once a second. It stops while the link is lost. */
  now = $state(Date.now())
  readonly history = new RateHistory()
  #link: ServerLink
  #table: Table
  #latest: Counters | null = null
  #latestKernel: KernelState | null = null
  #behindAt = -Infinity

  constructor(link: ServerLink, table: Table, repaint: Repaint) {
    this.#link = link
    this.#table = table
    link.subscribe({
      hello: (frame) => this.#greet(frame),
      snapshot: ({ counters }) => this.#count(counters),
      changes: ({ counters, changes }) => {
        this.#count(counters, spanOf(changes))
        if (changes.some(isBehind)) this.#behindAt = link.clock.now()
      },
      listener: ({ listener }) => (this.listener = listener),
      kernel: ({ kernel }) => this.#sample(kernel),
      lost: () => this.history.interrupt(),
      second: () => {
        this.now = link.clock.now()
        this.history.fill(this.now)
      },
    })
    repaint.on(() => this.#flush())
  }

  /** The age of the newest kernel sample, and whether the page may still show it as current. */
  get sample(): SampleAge {
    return sampleAge(this.kernel, this.#link.state, this.now)
  }

  #greet(frame: HelloFrame): void {
    // Not only in the next second: the records that follow may have the times of a clock that was set.
    this.now = this.#link.clock.now()
    this.history.load(frame.history)
    this.readOnly = frame.readOnly
    this.joined = frame.joined
    this.readerAddress = frame.readerAddress
    this.instance = frame.instance
    this.listener = frame.listener
    this.#sample(frame.kernel)
  }

  #sample(kernel: KernelState): void {
    this.#latestKernel = kernel
    this.dropsAtOpening ??= kernel.drops && { ...kernel.drops, at: this.#link.clock.now() }
  }

  #count(counters: Counters, span: Span | null = null): void {
    this.#latest = counters
    this.history.add(this.#link.clock.now(), counters, span)
  }

  #flush(): void {
    this.counters = this.#latest
    this.kernel = this.#latestKernel
    this.kernelKnown ||= this.kernel?.available === true
    this.live = this.#table.live.size
    this.closed = this.#table.closed.size
    this.notKept = this.#table.notKept
    this.older = this.#table.older(this.listener?.closedKept ?? 0)
    this.behind = this.#link.clock.now() - this.#behindAt < BEHIND_MS
    const [address] = this.#table.remotes.keys()
    this.commonRemote = this.#table.remotes.size === 1 ? (address ?? null) : null
  }
}

function isBehind(change: Change): boolean {
  return change.kind === 'refused' && change.why === 'behind'
}

export const [getServer, setServer] = createContext<ServerFacts>()
