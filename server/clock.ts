import { uptime } from 'node:os'

/** Milliseconds, all of them. */
interface Sources {
  /** The system's monotonic clock, the same for all processes. It may stand still while the system sleeps. */
  monotonic(): number
  /** Since the system started, its sleep included. */
  uptime(): number
  wall(): number
}

/**
 * When Node began to count, by the system's monotonic clock. An interruption between the two readings makes one of them too
 * small.
 */
const NODE_STARTED = Math.max(
  ...Array.from({ length: 5 }, () => Number(process.hrtime.bigint()) / 1e6 - performance.now()),
)

const SYSTEM: Sources = {
  monotonic: () => performance.now() + NODE_STARTED,
  uptime: () => uptime() * 1000,
  wall: () => Date.now(),
}

/** From where a clock counts. Processes that measure it themselves differ by as much as the uptime is inexact. */
export interface ClockOrigin {
  /** The time at which the system started, had its clock never been set. */
  anchor: number
  /** How long the system has slept since. */
  slept: number
}

/** How often it is checked whether the system has slept, and whether its clock was set. */
const CHECK_MS = 1_000
/** Without /proc the uptime is known in whole seconds. */
const SLEEP_MIN_MS = 1_500
/** Smaller corrections are made by running slower or faster, which the monotonic clock does too (adjtimex(2)). */
const STEP_MIN_MS = 500
/** Between reading two clocks, the process may have been interrupted. */
const READING_MAX_MS = 10

/**
 * The time of all recorded facts, as Unix milliseconds. Ages and durations are differences of such times, so a clock that is set
 * must not change them.
 *
 * The listener process and the threads record steady times, on which setting the system's clock has no effect. The control
 * process corrects those it receives (`corrected`), and its own by `now`. When the clock is set, it corrects the times that it
 * has kept (`onStep`).
 */
export class Clock {
  readonly #sources: Sources
  #anchor: number
  #slept = 0
  #checkedAt = -Infinity
  /** By how much the system's clock has been set since the server started. */
  #stepped = 0
  readonly #listeners = new Set<(ms: number) => void>()
  #timer: NodeJS.Timeout | null = null

  constructor(sources = SYSTEM) {
    this.#sources = sources
    this.#anchor = sources.wall() - this.#elapsed()
  }

  /** The listener process and the threads count from the control process's. */
  get origin(): ClockOrigin {
    return { anchor: this.#anchor, slept: this.#slept }
  }

  set origin({ anchor, slept }: ClockOrigin) {
    this.#anchor = anchor
    this.#slept = slept
  }

  /** The time, had nobody set the system's clock since the server started. Never goes back. */
  steady(): number {
    return Math.floor(this.#anchor + this.#elapsed())
  }

  now(): number {
    return this.corrected(this.steady())
  }

  /** @param steady a time from another process or thread */
  corrected(steady: number): number {
    return steady + this.#stepped
  }

  /** @param heard called with the milliseconds by which the clock was set, after `now` has changed @returns a function that ends it */
  onStep(heard: (ms: number) => void): () => void {
    this.#listeners.add(heard)
    this.#timer ??= setInterval(() => this.check(), CHECK_MS)
    return () => {
      this.#listeners.delete(heard)
      if (this.#listeners.size > 0 || this.#timer === null) return
      clearInterval(this.#timer)
      this.#timer = null
    }
  }

  /** Finds out whether the system's clock was set. */
  check(): void {
    this.#measureSleep()
    const before = this.now()
    const step = this.#sources.wall() - before
    if (this.now() - before > READING_MAX_MS || Math.abs(step) < STEP_MIN_MS) return
    this.#stepped += step
    for (const heard of this.#listeners) heard(step)
  }

  /** Milliseconds since the system started. */
  #elapsed(): number {
    const monotonic = this.#sources.monotonic()
    if (monotonic - this.#checkedAt >= CHECK_MS) this.#measureSleep()
    return monotonic + this.#slept
  }

  #measureSleep(): void {
    this.#checkedAt = this.#sources.monotonic()
    const slept = this.#sources.uptime() - this.#checkedAt
    if (Math.abs(slept - this.#slept) >= SLEEP_MIN_MS) this.#slept = slept
  }
}

export const clock = new Clock()
