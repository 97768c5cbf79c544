import type { ChildProcess } from 'node:child_process'
import type { Language } from '../../shared/language.ts'
import type { BehaviorSetting } from '../../shared/script.ts'
import { clock } from '../clock.ts'
import { ListenerUnresponsive } from '../listener-failure.ts'
import type { Answers, Ask } from './asks.ts'
import { ended, FIRST_INHERITED, spawnListener, tell } from './child.ts'
import {
  type FactsMessage,
  type FaultMessage,
  type FromListener,
  type ListenerOptions,
  type ListeningMessage,
  type PausedMessage,
  type ToListener,
  UNREPORTED_MAX,
} from './messages.ts'
import { Heartbeat } from './heartbeat.ts'
import { IdNote } from './ids.ts'
import { inTime } from './in-time.ts'
import { Lifeline } from './lifeline.ts'

export interface SupervisorEvents {
  listening(pid: number, message: ListeningMessage): void
  paused(pid: number, message: PausedMessage): void
  facts(pid: number, message: FactsMessage): void
  /** New connections are greeted in this language; null: not greeted. */
  greeting(language: Language | null): void
  /** Connections without a behavior of their own are served so. */
  behavior(setting: BehaviorSetting): void
  fault(message: FaultMessage): void
  /** The process has stopped answering, or answers again. */
  unresponsive(unresponsive: boolean): void
  captureDropped(bytes: number): void
  /** The process ended unasked, and its connections are gone. */
  died(how: string): void
}

/** Delays before restarts while the process keeps ending early, in milliseconds. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 5_000
const YOUNG_MS = 1_000
/** Milliseconds after the grace period in which the process can send its last facts, before it is killed. */
const FINAL_REPORT_MS = 1_000
/** Milliseconds to wait for an answer: a bulk close of 15,000 on a busy machine takes one or two seconds. */
const ANSWER_MS = 10_000
/** Limit of request bytes that the process has not read yet; above it, further requests fail. */
const UNREAD_MAX = 16 * 1024 * 1024

/** Keeps one listener process running: starts it, passes it the listening descriptor, and restarts it when it ends. */
export class ListenerSupervisor {
  readonly #events: SupervisorEvents
  #options: ListenerOptions
  #child: ChildProcess | null = null
  /** Resolves with the reason for the exit, after all its messages have been received. */
  #gone: Promise<string> = Promise.resolve('')
  /** Requests that wait for an answer from the child. */
  readonly #asked = new Map<number, (answer: Answers[keyof Answers] | null) => void>()
  #lastRequest = 0
  /** Approximate number of request bytes the current child has not read yet. */
  #channel = { unread: 0 }
  /** Callers that wait until the child accepts, stops accepting, or uses another greeting language or behavior. */
  #switching: { until: FromListener['type']; settle: (value: void) => void }[] = []
  readonly #heartbeat: Heartbeat
  #lifeline: Lifeline | null = null
  #idNote: IdNote | null = null
  #lastId = 0
  readonly #answerMs: number
  #stopping = false
  #pause = FIRST_PAUSE
  #restart: NodeJS.Timeout | null = null

  constructor(options: ListenerOptions, events: SupervisorEvents, answerMs = ANSWER_MS) {
    this.#options = options
    this.#events = events
    this.#answerMs = answerMs
    this.#heartbeat = new Heartbeat((unresponsive) => events.unresponsive(unresponsive))
  }

  /** Resolves when the process listens. Rejects with the errno of bind or listen, or when the process ends before that. */
  async start(): Promise<void> {
    this.#lifeline = await Lifeline.open()
    this.#idNote = await IdNote.create()
    await new Promise<void>((resolve, reject) => {
      this.#spawn({
        ...this.#events,
        listening: (pid, message) => {
          // Without an inherited descriptor the next process must bind the same port again.
          this.#options = { ...this.#options, port: message.port }
          this.#events.listening(pid, message)
          resolve()
        },
        fault: (message) => {
          this.#events.fault(message)
          reject(Object.assign(new Error(message.message), { code: message.code }))
        },
        died: (how) => {
          reject(new Error(`the listener process ended (${how})`))
          this.#events.died(how)
        },
      })
    })
  }

  /**
   * Stops or restarts accept(). Resolves when done, or when the process has ended; the next one then starts in that
   * state.
   * @throws ListenerUnresponsive
   */
  async setAccepting(on: boolean): Promise<void> {
    this.#options = { ...this.#options, paused: !on }
    await this.#order({ type: on ? 'resume' : 'pause' }, on ? 'listening' : 'paused')
  }

  /**
   * Changes the greeting's language; resolves like `setAccepting`.
   * @throws ListenerUnresponsive
   */
  async setGreeting(language: Language): Promise<void> {
    this.#options = { ...this.#options, greeting: language }
    if (this.#child === null) this.#events.greeting(language)
    else await this.#order({ type: 'greeting', language }, 'greeting')
  }

  /**
   * Changes the port's behavior; resolves like `setAccepting`.
   * @throws ListenerUnresponsive
   */
  async setBehavior({ behavior, rules }: BehaviorSetting): Promise<void> {
    this.#options = { ...this.#options, behavior, rules }
    if (this.#child === null) this.#events.behavior({ behavior, rules })
    else await this.#order({ type: 'behavior', behavior, rules }, 'behavior')
  }

  /**
   * Sends a request to the listener process; null if the process ends before it answers.
   * @throws ListenerUnresponsive
   */
  async ask<A extends Ask>(ask: A): Promise<Answers[A['what']] | null> {
    const child = this.#child
    const channel = this.#channel
    if (child === null) return null
    if (channel.unread > UNREAD_MAX) throw new ListenerUnresponsive()
    const size = sizeOf(ask)
    channel.unread += size
    return inTime(this.#answerMs, (settle) => {
      const request = ++this.#lastRequest
      this.#asked.set(request, settle as (answer: Answers[keyof Answers] | null) => void)
      tell(child, { type: 'ask', request, ask }, () => (channel.unread -= size))
    })
  }

  /** Sends FIN to every client and RST to those still open after `graceMs`. Resolves when the process has ended. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    if (this.#restart !== null) clearTimeout(this.#restart)
    const child = this.#child
    if (child !== null) {
      tell(child, { type: 'stop', graceMs })
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs + FINAL_REPORT_MS)
      await this.#gone
      clearTimeout(timer)
    }
    this.#lifeline?.close()
    this.#idNote?.close()
    this.#lifeline = this.#idNote = null
  }

  async #order(order: ToListener, until: FromListener['type']): Promise<void> {
    const child = this.#child
    // After `stop`, a resume would open the port again.
    if (child === null || this.#stopping) return
    await inTime<void>(this.#answerMs, (settle) => {
      this.#switching.push({ until, settle })
      tell(child, order)
    })
  }

  #spawn(events: SupervisorEvents): void {
    const { fd } = this.#options
    const idsFd = this.#idNote?.fd ?? null
    const inherited = [fd, idsFd, this.#lifeline?.fd ?? null].filter((one) => one !== null)
    const inChild = (own: number | null): number | null =>
      own === null ? null : FIRST_INHERITED + inherited.indexOf(own)
    const startedAt = performance.now()
    let child: ChildProcess
    try {
      child = spawnListener(inherited)
    } catch (error) {
      return this.#failed(events, error)
    }
    // No free descriptors, or the program file is missing: `error` says which, and no other event follows.
    const { pid } = child
    if (pid === undefined) return void child.once('error', (error) => this.#failed(events, error))
    this.#lifeline?.hold(pid)
    child.stderr?.pipe(process.stderr, { end: false })
    this.#child = child
    this.#channel = { unread: 0 }
    this.#heartbeat.begin()
    child.on('message', (message: FromListener) => {
      this.#heartbeat.heard()
      if (message.type === 'facts') {
        this.#lastId = message.opened.at(-1)?.[0] ?? this.#lastId
        events.facts(pid, message)
      } else if (message.type === 'answer') this.#answered(message.request, message.answer)
      else if (message.type === 'alive') events.captureDropped(message.captureDropped)
      else if (message.type === 'greeting') events.greeting(message.language)
      else if (message.type === 'behavior') events.behavior(message)
      // The others tell the state of the port, which stays closed after `stop`. `node --watch` sends its own messages here.
      else if (!this.#stopping) tellState(events, pid, message)
      this.#switched(message.type)
    })
    // A broken channel: `exit` follows.
    child.on('error', () => {})
    const own = { ...this.#options, fd: inChild(fd) }
    tell(child, { type: 'start', options: own, idsFd: inChild(idsFd), clock: clock.origin })
    this.#gone = ended(child)
    void this.#gone.then((how) => this.#ended(child, events, startedAt, how))
  }

  #answered(request: number, answer: Answers[keyof Answers] | null): void {
    this.#asked.get(request)?.(answer)
    this.#asked.delete(request)
  }

  /** @param now the state the process reported; null: the process has ended */
  #switched(now: FromListener['type'] | null): void {
    if (this.#switching.length === 0) return
    // Each order gets one answer, in order: an answer does not settle later orders.
    const first = this.#switching.find(({ until }) => until === now)
    const heard = this.#switching.filter((one) => now === null || one === first)
    this.#switching = this.#switching.filter((one) => !heard.includes(one))
    for (const { settle } of heard) settle()
  }

  #failed(events: SupervisorEvents, error: unknown): void {
    if (this.#stopping) return
    const message = error instanceof Error ? error.message : String(error)
    events.fault({ type: 'fault', code: 'SPAWN_FAILED', message: `the listener process cannot be started: ${message}` })
    this.#restartLater(true)
  }

  #ended(child: ChildProcess, events: SupervisorEvents, startedAt: number, how: string): void {
    if (this.#child === child) this.#child = null
    this.#heartbeat.end()
    // If the process ended before it could confirm, the next one starts in this state.
    events.greeting(this.#options.greeting)
    events.behavior(this.#options)
    for (const request of this.#asked.keys()) this.#answered(request, null)
    this.#switched(null)
    if (this.#stopping) return
    events.died(how)
    this.#options = { ...this.#options, firstId: this.#freeId() }
    this.#restartLater(performance.now() - startedAt < YOUNG_MS)
  }

  /** The first id that no process has used. Without a note, the last one may have used this many more than it reported. */
  #freeId(): number {
    const { firstId } = this.#options
    if (this.#idNote !== null) return this.#idNote.free ?? firstId
    return Math.max(firstId, this.#lastId + 1) + UNREPORTED_MAX
  }

  #restartLater(diedYoung: boolean): void {
    this.#pause = diedYoung ? Math.min(this.#pause * 2, LONGEST_PAUSE) : FIRST_PAUSE
    this.#restart = setTimeout(() => this.#spawn(this.#events), this.#pause)
  }
}

/** Approximate size of the request as JSON, in bytes. */
function sizeOf(ask: Ask): number {
  const ids = 'ids' in ask && ask.ids !== 'all' ? ask.ids.length * 8 : 0
  const rules = ask.what === 'behavior' ? JSON.stringify(ask.setting).length : 0
  return 200 + ids + rules + ('data' in ask ? ask.data.length : 0)
}

function tellState(events: SupervisorEvents, pid: number, message: FromListener): void {
  if (message.type === 'listening') events.listening(pid, message)
  else if (message.type === 'paused') events.paused(pid, message)
  else if (message.type === 'fault') events.fault(message)
}
