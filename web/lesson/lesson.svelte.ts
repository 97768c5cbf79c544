/* eslint svelte/prefer-svelte-reactivity: off -- reactive fields are chosen by hand; everything else is plain data */
import { createContext } from 'svelte'
import { isWildcard } from '../../shared/endpoint.ts'
import type { Api, Refused } from '../live/api.ts'
import type { Repaint } from '../live/repaint.ts'
import type { ServerFacts } from '../live/server-facts.svelte.ts'
import type { ServerLink } from '../live/server-link.svelte.ts'
import type { Table } from '../live/table.ts'
import { ACTIONS } from './actions.ts'
import { takesIpv4 } from './commands.ts'
import type { Doing } from './doing.ts'
import type { SocketFact } from './evidence.ts'
import { type Facts, type Own, type Tried, tupleOf } from './facts.ts'
import type { Found } from './found.ts'
import { evidence, judge } from './judge.ts'
import { begin, isOver, type Progress, reachable, storedProgress, type StepProgress, withStep } from './progress.ts'
import { pageAddress } from './own.ts'
import { isDecided } from './prediction.ts'
import { missing, type Need, STEP_IDS, type StepId, type TaskId } from './steps.ts'
import { Undo } from './undo.ts'
import { Waited } from './waited.ts'

/** Minimum interval between evaluations: seems immediate, although each one walks through all connections. */
const LOOK_MS = 100
/** Largest share of the page's time for evaluations, which matters with very many connections. */
const SHARE = 1 / 20
const UNTIL_MS = 5_000
/** A server that has just started has no kernel sample yet. */
const FIRST_SAMPLE_MS = 2_000

export interface LessonOptions {
  link: Pick<ServerLink, 'state' | 'clock'>
  server: Pick<ServerFacts, 'listener' | 'kernel' | 'instance' | 'readOnly' | 'readerAddress'>
  table: Pick<Table, 'rows' | 'get'>
  repaint: Pick<Repaint, 'on'>
  api: Api
}

/** The lesson: the open step, what the learner predicted, and its evidence. */
export class Lesson {
  progress = $state.raw<Progress>(begin())
  /** The evidence found so far for the open step. */
  found = $state.raw<Found | null>(null)
  /** The latest facts, for the step's drawing and commands. */
  facts = $state.raw<Facts | null>(null)
  busy = $state<TaskId | null>(null)
  failure = $state.raw<{ task: TaskId; refused: Refused } | null>(null)
  /** A button of the open step was pressed. */
  pressed = false
  #options: LessonOptions
  #stored = storedProgress()
  readonly #undo: Undo
  #tried: Tried[] = []
  /** The 4-tuples of the learner's connections, and of those that are not the learner's. */
  #claimed = new Set<string>()
  #denied = new Set<string>()
  #waited = new Waited()
  /** The server's run that these facts belong to. Ids start again with the next run. */
  #instance: string | null = null
  #nextLook = 0
  #enteredAt = 0
  #entered = false

  constructor(options: LessonOptions) {
    this.#options = options
    this.#undo = new Undo(options.api, options.server, options.table)
    this.progress = this.#stored.get() ?? begin()
  }

  get step(): StepId {
    return this.progress.current
  }

  get current(): StepProgress {
    return this.progress.steps[this.step]
  }

  /** Leaves the introduction. */
  begin(): void {
    this.#save({ ...this.progress, begun: true })
  }

  /** The step asks for a prediction first. */
  get undecided(): boolean {
    return !isDecided(this.step, this.current.prediction)
  }

  get over(): boolean {
    return STEP_IDS.every((id) => isOver(this.progress.steps[id]))
  }

  /** What the step needs and this server cannot do. */
  get lacks(): Need | null {
    const { readOnly, listener, kernel } = this.#options.server
    return missing(this.step, {
      write: !readOnly,
      switch: listener?.inode !== null,
      crowd: listener?.inode !== null,
      kernel: kernel?.available === true,
      ipv4: listener === null || takesIpv4(listener),
      addresses: listener === null || isWildcard(listener.local.address),
    })
  }

  /** Starts to evaluate the open step. @returns a function that leaves the lesson */
  enter(): () => void {
    this.#entered = true
    this.#enteredAt = performance.now()
    const stop = this.#options.repaint.on(() => this.#look())
    // A closing page still has to close its clients.
    const vanish = () => this.#undo.now()
    addEventListener('pagehide', vanish)
    this.#look(true)
    return () => {
      this.#entered = false
      stop()
      removeEventListener('pagehide', vanish)
      void this.#undo.all()
    }
  }

  go(id: StepId): void {
    if (id === this.step || !reachable(this.progress, id)) return
    this.#leaveStep()
    this.#save({ ...this.progress, current: id })
    this.#look(true)
  }

  predict(answer: string): void {
    const { evidence, prediction, since } = this.current
    if (evidence !== null) return
    const first = prediction === null && since !== null
    // What happened before the prediction was not predicted.
    if (first) this.#waited = new Waited()
    this.#change({ prediction: answer, since: first ? { ...since, id: this.#newest() } : since })
    this.#look(true)
  }

  /** The learner says whose these sockets are. */
  claim(sockets: readonly SocketFact[], mine: boolean): void {
    for (const socket of sockets) (mine ? this.#claimed : this.#denied).add(tupleOf(socket))
    this.#look(true)
  }

  leaveOut(): void {
    this.#change({ leftOut: true, prediction: null })
    const next = STEP_IDS[STEP_IDS.indexOf(this.step) + 1]
    if (next) this.go(next)
  }

  /** Starts the open step again. */
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
        this.#undo.add(client)
        this.#claimed.add(tupleOf({ local: client.remote, remote: client.local }))
        // The person left the step while this client was being opened.
        if (!here()) void this.#undo.all()
      },
      ownCrowd: (key) => {
        this.#undo.addCrowd(key)
        if (!here()) void this.#undo.all()
      },
      holdOpen: (connectionId) => {
        this.#undo.addHeld(connectionId)
        if (!here()) void this.#undo.all()
      },
      setAccepting: (on) => this.#undo.setAccepting(on, here),
      until: (holds) => this.#until(holds),
    }
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
    this.#undo.beginRun(instance)
    this.#claimed.clear()
    this.#denied.clear()
    this.#forget()
  }

  #judge(facts: Facts): void {
    const early = performance.now() - this.#enteredAt < FIRST_SAMPLE_MS
    if (facts.kernel === null && facts.listener.inode !== null && early) return
    this.found = judge(this.step, facts)
    // Evaluate an action only when it is complete.
    const complete = this.busy === null && !this.undecided ? evidence(this.step, facts) : null
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
      connections: [...table.rows()].filter(({ id }) => !this.#undo.hasClosed(id)),
      own: this.#own,
      since: this.current.since?.id ?? 0,
      waited: this.#waited.sockets,
      tried: this.#tried,
      earlier: before.flatMap((one) => (one?.instance === instance ? one.sockets : [])),
    }
  }

  get #own(): Own {
    const { readerAddress, listener } = this.#options.server
    const address = pageAddress(readerAddress, listener?.containerGateway ?? null)
    return { address, claimed: this.#claimed, denied: this.#denied }
  }

  #newest(): number {
    let newest = 0
    for (const { id } of this.#options.table.rows()) newest = Math.max(newest, id)
    return newest
  }

  #leaveStep(): void {
    void this.#undo.all()
    this.#forget()
  }

  /** Forgets what happened in the step. */
  #forget(): void {
    this.pressed = false
    this.#tried = []
    this.#waited = new Waited()
    this.found = null
    this.failure = null
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
