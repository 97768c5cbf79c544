import { Worker } from 'node:worker_threads'
import { clock } from '../clock.ts'
import { SAMPLER_ENTRY } from '../paths.ts'
import { endThread } from './end-thread.ts'
import { type Holder, HolderSearch } from './holder-search.ts'
import type { FromSampler, SamplerData, SamplerOptions, ToSampler } from './worker.ts'
import type { Sample } from './sample.ts'

/** With few sockets, frequent sampling costs nothing and shows more of their states. */
const FEW = 500
const FEW_MS = 250
const MANY_MS = 1_000
/**
 * A dump makes the kernel walk through all its sockets, including other programs' and those in TIME_WAIT. Sampling
 * may use this share of the time, as long as that allows one sample every LONGEST_MS.
 */
const SHARE = 1 / 25
const LONGEST_MS = 2_000
/** Milliseconds until a sampling thread that does not answer is replaced. */
const STALLED_MS = 10_000
const RESTART_MS = 5_000
/** Samples after an action of our own. Between two regular samples a socket can pass through several states. */
const AGAIN_MS = [20, 100]
/**
 * The least time between two of these samples: in milliseconds, and in durations of a sample. Many actions must not keep the
 * thread busy.
 */
const AGAIN_APART_MS = 20
const AGAIN_APART_TIMES = 4

export interface SamplingEvents {
  sampled(sample: Sample): void
  /** The kernel refuses. Sampling is retried later. */
  failed(reason: string): void
}

/** Keeps a thread that samples the kernel, one sample at a time. */
export class Sampling {
  readonly #options: SamplerOptions
  readonly #events: SamplingEvents
  #worker: Worker | null = null
  #timer: NodeJS.Timeout | null = null
  #stopped = false
  #asking = false
  #tookMs = 0
  readonly #again = new Set<NodeJS.Timeout>()
  /** When the last of the samples after an action is due, of `performance.now()`. */
  #againUntil = 0
  /** Number of the last sample asked for. Numbers, because the clock may be set back. */
  #round = 0
  #waiters: { round: number; resolve: () => void }[] = []
  readonly #holders = new HolderSearch((inodes) => {
    if (this.#worker !== null) tell(this.#worker, { holdersOf: inodes })
  })

  constructor(options: SamplerOptions, events: SamplingEvents) {
    this.#options = options
    this.#events = events
    this.#start()
  }

  /** Samples at once. Resolves with a sample taken after the call, or when the kernel refuses. */
  fresh(): Promise<void> {
    if (this.#worker === null) return Promise.resolve()
    return new Promise((resolve) => {
      this.#waiters.push({ round: this.#round + 1, resolve })
      if (!this.#asking) this.#ask('take-all')
    })
  }

  /** Samples shortly after now, several times: something has just been done to the sockets. */
  soon(): void {
    const now = performance.now()
    for (const ms of AGAIN_MS) {
      if (this.#stopped || now + ms < this.#againUntil + Math.max(AGAIN_APART_MS, this.#tookMs * AGAIN_APART_TIMES))
        continue
      this.#againUntil = now + ms
      const timer = setTimeout(() => {
        this.#again.delete(timer)
        void this.fresh()
      }, ms)
      this.#again.add(timer)
    }
  }

  /** The process that holds the socket with this inode; null if it cannot be seen. */
  holder(inode: number): Promise<Holder | null> {
    return this.#worker === null ? Promise.resolve(null) : this.#holders.find(inode)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const timer of this.#again) clearTimeout(timer)
    const worker = this.#worker
    this.#worker = null
    this.#holders.giveUp()
    if (worker !== null) await endThread(worker, 'end' satisfies ToSampler)
  }

  #start(): void {
    // A thread would inherit the process's flags, and some are not allowed for threads.
    const worker = new Worker(SAMPLER_ENTRY, {
      workerData: { ...this.#options, origin: clock.origin } satisfies SamplerData,
      execArgv: [],
      // A sample's objects become garbage at once. A large young generation would only hold them longer.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    })
    this.#worker = worker
    this.#expectAnswer()
    worker.on('message', (message: FromSampler) => {
      if (worker === this.#worker) this.#answered(message)
    })
    worker.on('error', (error) => {
      if (worker === this.#worker) this.#giveUp(error.message)
    })
  }

  #answered(message: FromSampler): void {
    if (this.#stopped) return
    if (message.type === 'failed') return this.#giveUp(message.reason)
    if (message.type === 'holders') return this.#holders.found(message.holders)
    // Under `node --watch`, Node posts messages of its own from the thread.
    if (message.type !== 'sample') return
    this.#asking = false
    this.#events.sampled(message.sample)
    const { total, tookMs } = message.sample
    this.#tookMs = tookMs
    this.#settle(this.#round)
    if (this.#waiters.length > 0) return this.#ask('take-all')
    const wait = Math.max(total < FEW ? FEW_MS : MANY_MS, Math.min(LONGEST_MS, tookMs / SHARE))
    this.#wait(wait, () => this.#ask('take'))
  }

  #ask(what: 'take' | 'take-all'): void {
    if (this.#worker !== null) tell(this.#worker, what)
    this.#expectAnswer()
  }

  /** Settles the callers that wait for this sample or an earlier one. */
  #settle(sampled: number): void {
    const waiters = this.#waiters
    this.#waiters = waiters.filter(({ round }) => round > sampled)
    for (const { round, resolve } of waiters) if (round <= sampled) resolve()
  }

  #expectAnswer(): void {
    this.#asking = true
    this.#round++
    this.#wait(STALLED_MS, () => this.#giveUp(`the kernel has not answered for ${STALLED_MS / 1000} s`))
  }

  #giveUp(reason: string): void {
    const worker = this.#worker
    this.#worker = null
    this.#asking = false
    this.#settle(Infinity)
    this.#holders.giveUp()
    if (worker !== null) void endThread(worker, 'end' satisfies ToSampler)
    if (this.#stopped) return
    this.#events.failed(reason)
    this.#wait(RESTART_MS, () => this.#start())
  }

  #wait(ms: number, then: () => void): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (!this.#stopped) this.#timer = setTimeout(then, ms)
  }
}

function tell(worker: Worker, message: ToSampler): void {
  worker.postMessage(message)
}
