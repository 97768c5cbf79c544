import type { Action } from '../../shared/action.ts'
import type { Close, Connection, Progress } from '../../shared/connection.ts'
import type { Problem } from '../../shared/diagnosis.ts'
import type { KernelFacts, OtherEnd, TcpState } from '../../shared/kernel.ts'
import { type Endpoint, familyOf } from '../../shared/endpoint.ts'
import { liveState, NO_PROGRESS, progressLater } from '../../shared/record.ts'
import { NO_STATES, type SampledState, statesLater } from '../../shared/sampled-states.ts'

/** An action, and the sequence number of its change. */
export interface Acted {
  seq: number
  action: Action
}

/** Shared by all records without actions. */
const NO_ACTIONS: readonly Acted[] = Object.freeze([])

/** When the kernel's facts were last sampled, in Unix milliseconds. */
export interface SampleTimes {
  readonly kernelSampledAt: number
  readonly otherEndsSampledAt: number
}

/** A connection's record, and its neighbours in the table's two lists. */
export class Entry {
  readonly id: number
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly pid: number
  readonly fd: number
  /** The socket's inode; 0: it was closed before it was reported. */
  readonly inode: number
  openedAt: number
  lastActivityAt: number
  /** Always replaced, never changed in place. */
  progress: Progress = NO_PROGRESS
  close: Close | null = null
  kernel: KernelFacts | null = null
  /** By the same sample: the low 32 bits of the count of bytes that the client has acknowledged. Null: not known. */
  acked: number | null = null
  /** By the same sample: the low 32 bits of the count of bytes that the program has read. Null: not known. */
  read: number | null = null
  /** The TCP states that samples found. Connections that the same sample first found in ESTABLISHED share one array. */
  sampledStates: readonly SampledState[] = NO_STATES
  /** The time of the sample that no longer found the socket; undefined: none has missed it. */
  forgottenAt: Connection['forgottenAt']
  /** The kernel's number of its socket; 0: not known. */
  cookie = 0
  /** What the kernel had right before the RST that somebody has asked for. */
  beforeReset: Close['beforeReset']
  otherEnd: OtherEnd | null = null
  problem: Problem | null = null
  actions: readonly Acted[] = NO_ACTIONS

  /** Sequence numbers: of the accept, of the close (Infinity until then), and of the last change. */
  readonly acceptSeq: number
  closeSeq = Infinity
  changeSeq: number
  /** Sequence numbers of the last new progress, kernel facts, facts of the client's socket, and problem. */
  dataSeq = 0
  kernelSeq = 0
  otherEndSeq = 0
  problemSeq = 0
  /** Of the last change of the sampled states. Few changes of the kernel's facts are one. */
  statesSeq = 0
  /** Of the kernel's account of the close. */
  evidenceSeq = 0

  /** Neighbours in the list ordered by last change. */
  before: Entry | null = null
  after: Entry | null = null
  /** The connections that closed just after and just before this one. */
  closedAfter: Entry | null = null
  closedBefore: Entry | null = null
  /** It did not end in order, or had a problem. Decided when it closes. */
  notable = false

  constructor(
    id: number,
    local: Endpoint,
    remote: Endpoint,
    pid: number,
    fd: number,
    openedAt: number,
    seq: number,
    inode = 0,
  ) {
    this.id = id
    this.local = local
    this.remote = remote
    this.pid = pid
    this.fd = fd
    this.inode = inode
    this.openedAt = this.lastActivityAt = openedAt
    this.acceptSeq = this.changeSeq = seq
  }

  /** The last TCP state that a sample found; null: none has. */
  get lastState(): TcpState | null {
    return this.sampledStates.at(-1)?.state ?? null
  }

  /** Moves all times of the record. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    const { close, kernel, problem } = this
    this.openedAt += ms
    this.lastActivityAt += ms
    this.progress = progressLater(this.progress, ms)
    if (close !== null) this.close = { ...close, at: close.at + ms }
    if (kernel !== null) this.kernel = factsLater(kernel, ms)
    if (problem !== null) this.problem = { ...problem, since: problem.since + ms }
    this.sampledStates = statesLater(this.sampledStates, ms)
    if (this.forgottenAt !== undefined) this.forgottenAt += ms
    this.actions = this.actions.map(({ seq, action }) => ({ seq, action: { ...action, at: action.at + ms } }))
  }
}

/** The kernel's facts with their times moved. */
export function factsLater<T extends KernelFacts>(facts: T, ms: number): T {
  const { timer } = facts
  return timer === null ? facts : { ...facts, timer: { ...timer, endsAt: timer.endsAt + ms } }
}

/**
 * The record as readers get it.
 * @param sampled null leaves out the kernel's facts
 * @param seq leaves out actions and a close with a higher sequence number
 */
export function toConnection(entry: Entry, sampled: SampleTimes | null, seq = Number.MAX_SAFE_INTEGER): Connection {
  const closed = entry.closeSeq <= seq
  return {
    id: entry.id,
    family: familyOf(entry.local.address),
    local: entry.local,
    remote: entry.remote,
    pid: entry.pid,
    fd: closed ? null : entry.fd,
    openedAt: entry.openedAt,
    lastActivityAt: entry.lastActivityAt,
    ...entry.progress,
    state: closed ? 'closed' : liveState(entry.progress),
    close: closed ? entry.close : null,
    kernel: sampled && kernelFacts(entry, sampled),
    sampledStates: sampled === null ? NO_STATES : entry.sampledStates,
    forgottenAt: sampled === null ? undefined : entry.forgottenAt,
    otherEnd: sampled && otherEndFacts(entry, sampled),
    problem: closed || sampled === null ? null : entry.problem,
    actions: actionsUntil(entry, seq),
  }
}

export function kernelFacts({ kernel }: Entry, { kernelSampledAt }: SampleTimes): Connection['kernel'] {
  return kernel === null ? null : { sampledAt: kernelSampledAt, ...current(kernel, kernelSampledAt) }
}

export function otherEndFacts({ otherEnd }: Entry, { otherEndsSampledAt }: SampleTimes): Connection['otherEnd'] {
  return otherEnd === null ? null : { sampledAt: otherEndsSampledAt, ...otherEnd }
}

/** The facts at the time of a sample. A timer that should have ended by then was set again, and its new end is not known. */
export function current(kernel: KernelFacts, sampledAt: number): KernelFacts {
  const { timer } = kernel
  return timer === null || timer.endsAt >= sampledAt ? kernel : { ...kernel, timer: null }
}

const NONE: readonly Action[] = Object.freeze([])

function actionsUntil({ actions }: Entry, until: number): readonly Action[] {
  if (actions.length === 0) return NONE
  return actions.filter(({ seq }) => seq <= until).map(({ action }) => action)
}
