import { type ChildProcess, spawn } from 'node:child_process'
import type { Language } from '../../shared/language.ts'
import type { Answers, Ask } from './asks.ts'
import type {
  FactsMessage,
  FaultMessage,
  FromListener,
  ListenerOptions,
  ListeningMessage,
  PausedMessage,
  ToListener,
} from './facts.ts'
import { Heartbeat } from './heartbeat.ts'
import { inTime, ListenerUnresponsive } from './in-time.ts'

export interface SupervisorEvents {
  listening(pid: number, message: ListeningMessage): void
  paused(pid: number, message: PausedMessage): void
  facts(pid: number, message: FactsMessage): void
  /** Newcomers are greeted in this language from now on, or not at all. */
  greeting(language: Language | null): void
  fault(message: FaultMessage): void
  /** Nothing has been heard of the process for some seconds, or something is again. */
  unresponsive(unresponsive: boolean): void
  captureDropped(bytes: number): void
  /** The process has ended without being asked to; every connection it had is gone. Gives the next one's first id. */
  died(how: string): number
}

const ENTRY = new URL('main.ts', import.meta.url).pathname
/** Pauses between restarts while the process keeps dying young, in milliseconds. */
const FIRST_PAUSE = 100
const LONGEST_PAUSE = 5_000
const YOUNG_MS = 1_000
/** Time beyond the grace for the last facts to be told before the process is killed. */
const LAST_WORDS_MS = 1_000
/** Milliseconds the process has for an answer: a bulk close of 15,000 on a busy machine takes one or two seconds. */
const ANSWER_MS = 10_000
/** Bytes asked that the process has not read yet: over it, it is not asked any more. */
const UNREAD_MAX = 16 * 1024 * 1024

/** Keeps one listener process running: starts it, hands it the listening descriptor, starts it again when it dies. */
export class ListenerSupervisor {
  readonly #events: SupervisorEvents
  #options: ListenerOptions
  #child: ChildProcess | null = null
  /** Resolves with how the child ended, when all that it had said has been heard. */
  #gone: Promise<string> = Promise.resolve('')
  /** Who waits for an answer of the child. */
  readonly #asked = new Map<number, (answer: Answers[keyof Answers] | null) => void>()
  #lastRequest = 0
  /** Of the present child: roughly how many bytes of what was asked it has not read yet. */
  #channel = { unread: 0 }
  /** Who waits for the child to accept, to stop that, or to greet in another language. */
  #switching: { until: FromListener['type']; settle: (value: void) => void }[] = []
  readonly #heartbeat: Heartbeat
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

  /** Resolves when it listens; rejects with the errno of bind or listen when it cannot, or when it ends before it could. */
  async start(): Promise<void> {
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
          return this.#events.died(how)
        },
      })
    })
  }

  /**
   * Stops or restarts accept(); resolves when that is so, or when the process has died and the next one will see to it.
   * @throws ListenerUnresponsive
   */
  async setAccepting(on: boolean): Promise<void> {
    this.#options = { ...this.#options, paused: !on }
    await this.#order({ type: on ? 'resume' : 'pause' }, on ? 'listening' : 'paused')
  }

  /**
   * Greets newcomers in this language; resolves as `setAccepting` does.
   * @throws ListenerUnresponsive
   */
  async setGreeting(language: Language): Promise<void> {
    this.#options = { ...this.#options, greeting: language }
    if (this.#child === null) this.#events.greeting(language)
    else await this.#order({ type: 'greeting', language }, 'greeting')
  }

  /**
   * Asks the listener process; null when it has died, or dies before it has answered.
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

  /** FIN to every client, RST to those left after `graceMs`; resolves when the process has ended. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    if (this.#restart !== null) clearTimeout(this.#restart)
    const child = this.#child
    if (child === null) return
    tell(child, { type: 'stop', graceMs })
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs + LAST_WORDS_MS)
    await this.#gone
    clearTimeout(timer)
  }

  async #order(order: ToListener, until: FromListener['type']): Promise<void> {
    const child = this.#child
    if (child === null) return
    await inTime<void>(this.#answerMs, (settle) => {
      this.#switching.push({ until, settle })
      tell(child, order)
    })
  }

  #spawn(events: SupervisorEvents): void {
    const { fd } = this.#options
    const stdio = ['ignore', 'inherit', 'inherit', 'ipc', ...(fd === null ? [] : [fd])] as const
    const startedAt = Date.now()
    let child: ChildProcess
    try {
      child = spawn(process.execPath, [ENTRY], { stdio: [...stdio] })
    } catch (error) {
      return this.#failed(events, error)
    }
    // No descriptors left, or the program has gone from the disk: `error` says which, and nothing else follows.
    const { pid } = child
    if (pid === undefined) return void child.once('error', (error) => this.#failed(events, error))
    this.#child = child
    this.#channel = { unread: 0 }
    this.#heartbeat.begin()
    child.on('message', (message: FromListener) => {
      this.#heartbeat.heard()
      if (message.type === 'facts') events.facts(pid, message)
      else if (message.type === 'listening') events.listening(pid, message)
      else if (message.type === 'paused') events.paused(pid, message)
      else if (message.type === 'greeting') events.greeting(message.language)
      else if (message.type === 'answer') this.#answered(message.request, message.answer)
      else if (message.type === 'alive') events.captureDropped(message.captureDropped)
      // Under `node --watch` the runtime sends messages of its own on this channel.
      else if (message.type === 'fault') events.fault(message)
      this.#switched(message.type)
    })
    // A broken channel: `exit` tells the rest.
    child.on('error', () => {})
    tell(child, { type: 'start', options: { ...this.#options, fd: fd === null ? null : INHERITED_FD } })
    this.#gone = ended(child)
    void this.#gone.then((how) => this.#ended(child, events, startedAt, how))
  }

  #answered(request: number, answer: Answers[keyof Answers] | null): void {
    this.#asked.get(request)?.(answer)
    this.#asked.delete(request)
  }

  /** @param now what the process has said; null: nothing, and it will say no more */
  #switched(now: FromListener['type'] | null): void {
    if (this.#switching.length === 0) return
    // Each order is answered once, in turn: an answer is not for those that came after it.
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
    // It may have died before it could say so: the next one starts with it.
    events.greeting(this.#options.greeting)
    for (const request of this.#asked.keys()) this.#answered(request, null)
    this.#switched(null)
    if (this.#stopping) return
    const firstId = events.died(how)
    this.#options = { ...this.#options, firstId }
    this.#restartLater(Date.now() - startedAt < YOUNG_MS)
  }

  #restartLater(diedYoung: boolean): void {
    this.#pause = diedYoung ? Math.min(this.#pause * 2, LONGEST_PAUSE) : FIRST_PAUSE
    this.#restart = setTimeout(() => this.#spawn(this.#events), this.#pause)
  }
}

/** Where the fifth entry of `stdio` arrives in the child. */
const INHERITED_FD = 4

/** Both: the process has gone, and all it had said has been heard. Not `events.once`, which rejects on `error`. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let how: string | null = null
    child.once('exit', (code, signal) => {
      how = signal ?? `exit code ${code}`
      if (!child.connected) resolve(how)
    })
    child.once('disconnect', () => {
      if (how !== null) resolve(how)
    })
  })
}

/** @param read called when the message has left this process, or never will */
function tell(child: ChildProcess, message: ToListener, read = (): void => {}): void {
  if (child.connected) child.send(message, read)
  else read()
}

/** Roughly, as JSON. */
function sizeOf(ask: Ask): number {
  const ids = 'ids' in ask && ask.ids !== 'all' ? ask.ids.length * 8 : 0
  return 200 + ids + ('data' in ask ? ask.data.length : 0)
}
