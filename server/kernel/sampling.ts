import { Worker } from 'node:worker_threads'
import { SAMPLER_ENTRY } from '../paths.ts'
import { endThread } from './end-thread.ts'
import type { FromSampler, SamplerOptions, ToSampler } from './worker.ts'
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
  /** Number of the last sample asked for. Numbers, because the clock may be set back. */
  #round = 0
  #waiters: { round: number; resolve: () => void }[] = []

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
      if (!this.#asking) this.#ask()
    })
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    const worker = this.#worker
    this.#worker = null
    if (worker !== null) await endThread(worker, 'end' satisfies ToSampler)
  }

  #start(): void {
    // A thread would inherit the process's flags, and some are not allowed for threads.
    const worker = new Worker(SAMPLER_ENTRY, {
      workerData: this.#options,
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
    // Under `node --watch`, Node posts messages of its own from the thread.
    if (message.type !== 'sample') return
    this.#asking = false
    this.#events.sampled(message.sample)
    const { total, tookMs } = message.sample
    this.#settle(this.#round)
    if (this.#waiters.length > 0) this.#ask()
    else this.#wait(Math.max(total < FEW ? FEW_MS : MANY_MS, Math.min(LONGEST_MS, tookMs / SHARE)), () => this.#ask())
  }

  #ask(): void {
    if (this.#worker !== null) tell(this.#worker, 'take')
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
