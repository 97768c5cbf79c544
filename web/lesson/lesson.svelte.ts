/* eslint svelte/prefer-svelte-reactivity: off -- what is reactive here is chosen, the rest is plain data */
import { createContext } from 'svelte'
import type { ClientRecord } from '../../shared/client.ts'
import type { Answer, Api, Refused } from '../live/api.ts'
import type { Repaint } from '../live/repaint.ts'
import type { ServerFacts } from '../live/server-facts.svelte.ts'
import type { ServerLink } from '../live/server-link.svelte.ts'
import type { Table } from '../live/table.ts'
import { ACTIONS, type Doing } from './actions.ts'
import { takesIpv4 } from './commands.ts'
import type { Facts, Tried } from './facts.ts'
import { evidence, type Found, judge } from './judge.ts'
import { begin, isOver, type Progress, reachable, storedProgress, type StepProgress, withStep } from './progress.ts'
import { missing, type Need, STEP_IDS, type StepId, type TaskId } from './steps.ts'
import { Waited } from './waited.ts'

/** Often enough to seem at once; a look walks through all connections. */
const LOOK_MS = 100
/** Of the page's time, with very many connections. */
const SHARE = 1 / 20
const UNTIL_MS = 5_000
/** A server that has just been started has not asked its kernel yet. */
const FIRST_SAMPLE_MS = 2_000
/** What may be otherwise when it is asked again: the link is lost, the process stopped. */
const PASSING = ['unreachable', 'LISTENER_UNRESPONSIVE', 'TOO_MANY_REQUESTS']
const AGAIN_MS = 1_000

export interface LessonOptions {
  link: Pick<ServerLink, 'state' | 'clock'>
  server: Pick<ServerFacts, 'listener' | 'kernel' | 'instance' | 'readOnly'>
  table: Pick<Table, 'rows'>
  repaint: Pick<Repaint, 'on'>
  api: Api
}

/** The lesson: which step is open, what has been seen in it, and what has to be undone when it is left. */
export class Lesson {
  progress = $state.raw<Progress>(begin())
  /** What the open step has of its evidence. */
  found = $state.raw<Found | null>(null)
  /** The newest facts, for the step's picture and commands. */
  facts = $state.raw<Facts | null>(null)
  busy = $state<TaskId | null>(null)
  failure = $state.raw<{ task: TaskId; refused: Refused } | null>(null)
  /** The server does not accept, because the lesson stopped it. */
  stoppedAccepting = $state(false)
  /** A button of the open step has been pressed. */
  pressed = false
  #options: LessonOptions
  #stored = storedProgress()
  #clients: ClientRecord[] = []
  /** Connections of clients that the lesson has closed: they may be listed as open for a moment. */
  #left = new Set<number>()
  #tried: Tried[] = []
  #waited = new Waited()
  /** The run of the server that all of this is about: ids begin again with the next. */
  #instance: string | null = null
  #nextLook = 0
  #enteredAt = 0
  #entered = false
  /** How often accepting has been stopped. */
  #stops = 0

  constructor(options: LessonOptions) {
    this.#options = options
    this.progress = this.#stored.get() ?? begin()
  }

  get step(): StepId {
    return this.progress.current
  }

  get current(): StepProgress {
    return this.progress.steps[this.step]
  }

  get over(): boolean {
    return STEP_IDS.every((id) => isOver(this.progress.steps[id]))
  }

  /** What this server cannot do that the step needs. */
  get lacks(): Need | null {
    const { readOnly, listener, kernel } = this.#options.server
    return missing(this.step, {
      write: !readOnly,
      switch: listener?.inode !== null,
      kernel: kernel?.available === true,
      ipv4: listener === null || takesIpv4(listener),
    })
  }

  /** From now on the step is judged. @returns what leaves the lesson */
  enter(): () => void {
    this.#entered = true
    this.#enteredAt = performance.now()
    const stop = this.#options.repaint.on(() => this.#look())
    // A page that goes leaves nothing behind.
    const leave = () => void this.#cleanUp()
    const vanish = () => this.#closeAll(this.#clients)
    addEventListener('pagehide', vanish)
    this.#look(true)
    return () => {
      this.#entered = false
      stop()
      removeEventListener('pagehide', vanish)
      leave()
    }
  }

  go(id: StepId): void {
    if (id === this.step || !reachable(this.progress, id)) return
    this.#leaveStep()
    this.#save({ ...this.progress, current: id })
    this.#look(true)
  }

  predict(answer: string): void {
    if (this.current.evidence === null) this.#change({ prediction: answer })
  }

  leaveOut(): void {
    this.#change({ leftOut: true, prediction: null })
    const next = STEP_IDS[STEP_IDS.indexOf(this.step) + 1]
    if (next) this.go(next)
  }

  /** The open step once more. */
  repeat(): void {
    this.#leaveStep()
    this.#change({ since: null, prediction: null, evidence: null, leftOut: false })
    this.#look(true)
  }

  restart(): void {
    this.#leaveStep()
    this.#save(begin())
    this.#look(true)
  }

  async run(task: TaskId): Promise<void> {
    const action = ACTIONS[task]
    if (!action || this.busy !== null) return
    const { step } = this
    this.busy = task
    this.pressed = true
    this.failure = null
    const refused = await action(this.#doing(step))
    this.busy = null
    if (refused && step === this.step) this.failure = { task, refused }
    this.#look(true)
  }

  #doing(step: StepId): Doing {
    const { api } = this.#options
    const here = () => this.#entered && step === this.step
    return {
      api,
      facts: () => this.#gather(),
      tell: (tried) => {
        if (here()) this.#tried.push(tried)
      },
      own: (client) => {
        this.#clients.push(client)
        // The step was left while it was being opened.
        if (!here()) void this.#cleanUp()
      },
      setAccepting: (on) => this.#setAccepting(on, here),
      until: (holds) => this.#until(holds),
    }
  }

  async #setAccepting(on: boolean, here: () => boolean): Promise<Answer<unknown>> {
    if (!on) {
      this.stoppedAccepting = true
      this.#stops++
    }
    const answer = await this.#options.api.setAccepting(on)
    if (on === answer.ok) this.stoppedAccepting = false
    if (!on && answer.ok && !here()) return this.#setAccepting(true, here)
    return answer
  }

  async #until(holds: (facts: Facts) => boolean): Promise<boolean> {
    for (let waited = 0; waited < UNTIL_MS; waited += LOOK_MS / 2) {
      if (holds(this.#gather())) return true
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS / 2))
    }
    return false
  }

  #look(now = false): void {
    const { link, server } = this.#options
    const { listener, instance } = server
    if (!this.#entered || link.state !== 'live' || listener === null || instance === null) return
    if (this.#instance !== instance) this.#beginRun(instance)
    const started = performance.now()
    if (!now && started < this.#nextLook) return
    if (this.progress.startedAt === null) this.#save({ ...this.progress, startedAt: link.clock.now() })
    if (this.current.since?.instance !== instance) this.#change({ since: { instance, id: this.#newest() } })
    const facts = this.#gather()
    if (facts.kernel) this.#waited.look(facts.kernel, listener.state === 'paused', facts.now)
    this.facts = { ...facts, waited: this.#waited.sockets }
    if (this.current.evidence === null) this.#judge(this.facts)
    this.#nextLook = started + Math.max(LOOK_MS, (performance.now() - started) / SHARE)
  }

  #beginRun(instance: string): void {
    this.#instance = instance
    this.#clients = []
    this.#left.clear()
    this.stoppedAccepting = false
    this.#forget()
  }

  #judge(facts: Facts): void {
    const early = performance.now() - this.#enteredAt < FIRST_SAMPLE_MS
    if (facts.kernel === null && facts.listener.inode !== null && early) return
    this.found = judge(this.step, facts)
    // What the page is doing is seen as a whole.
    const complete = this.busy === null ? evidence(this.step, facts) : null
    if (complete) this.#change({ evidence: complete, leftOut: false })
  }

  #gather(): Facts {
    const { server, table, link } = this.#options
    const { listener, kernel, instance } = server
    if (listener === null || instance === null) throw new Error('the lesson looks before the server has spoken')
    const before = STEP_IDS.slice(0, STEP_IDS.indexOf(this.step)).map((id) => this.progress.steps[id].evidence)
    return {
      instance,
      now: link.clock.now(),
      listener,
      kernel: kernel?.available === true ? kernel : null,
      connections: [...table.rows()].filter(({ id }) => !this.#left.has(id)),
      since: this.current.since?.id ?? 0,
      waited: this.#waited.sockets,
      tried: this.#tried,
      earlier: before.flatMap((one) => (one?.instance === instance ? one.sockets : [])),
    }
  }

  #newest(): number {
    let newest = 0
    for (const { id } of this.#options.table.rows()) newest = Math.max(newest, id)
    return newest
  }

  #leaveStep(): void {
    void this.#cleanUp()
    this.#forget()
  }

  /** What has been seen and done in the step. */
  #forget(): void {
    this.pressed = false
    this.#tried = []
    this.#waited = new Waited()
    this.found = null
    this.failure = null
  }

  async #cleanUp(): Promise<void> {
    const own = this.#clients
    this.#clients = []
    for (const { connectionId } of own) if (connectionId !== null) this.#left.add(connectionId)
    if (own.length === 0) return this.#closeAll([])
    // Some have gone by themselves, with what the step was about.
    const open = await this.#options.api.clients()
    this.#closeAll(open.ok ? own.filter(({ id }) => open.body.some((one) => one.id === id)) : own)
  }

  /** With RST, so that no TIME_WAIT keeps the 4-tuples; a person's own clients stay. */
  #closeAll(clients: ClientRecord[]): void {
    // Those of another run have gone with it, and their ids are others' by now.
    if (this.#options.server.instance !== this.#instance) return
    void this.#acceptAgain()
    for (const { id } of clients) void this.#options.api.closeClient(id, 'reset')
  }

  /** Until the server has heard it, which nobody else would tell it. */
  async #acceptAgain(): Promise<void> {
    const [stops, instance] = [this.#stops, this.#instance]
    const isOurs = () => this.stoppedAccepting && this.#stops === stops && this.#options.server.instance === instance
    while (isOurs()) {
      const answer = await this.#setAccepting(true, () => false)
      if (answer.ok || !PASSING.includes(answer.code)) return
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }

  #change(change: Partial<StepProgress>): void {
    this.#save(withStep(this.progress, this.step, change))
  }

  #save(progress: Progress): void {
    this.progress = progress
    this.#stored.set(progress)
  }
}

export const [getLesson, setLesson] = createContext<Lesson>()
