import type { Action } from '../../shared/action.ts'
import type { Close, Progress } from '../../shared/connection.ts'
import type { KernelFacts, OtherEnd, TcpState } from '../../shared/kernel.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import { beganBadly, mayBeUnwell, type Problem, type ProblemCode } from '../../shared/diagnosis.ts'
import { liveState } from '../../shared/record.ts'
import { NO_STATES, type SampledState, withState } from '../../shared/sampled-states.ts'
import type { Counters, RefusedChange } from '../../shared/stream.ts'
import { ClosedList } from './closed-list.ts'
import { Entry } from './entry.ts'
import { NewestActions } from './newest-actions.ts'

/** Refusals kept one by one for slow readers; older ones are only counted. */
const REFUSED_KEPT = 1_000

export interface Accepted {
  id: number
  local: Endpoint
  remote: Endpoint
  pid: number
  fd: number
  openedAt: number
  /** The socket's inode; 0: not known. */
  inode?: number
}

/**
 * All live connections, and the newest closed ones. Each change gets the next sequence number and moves its record to
 * the end of a list. A reader that has seen number n has missed exactly the records at the end with higher numbers.
 */
export class ConnectionTable {
  readonly counters: Counters = {
    accepted: 0,
    live: 0,
    closed: 0,
    resets: 0,
    attention: 0,
    refused: 0,
    bytesIn: 0,
    bytesOut: 0,
  }
  seq = 0
  /** How many actions have been recorded. */
  acted = 0
  /** Called on each accept. */
  onAccept: (entry: Entry) => void = () => {}
  /** Called on each refusal; with null if some are only counted. */
  onRefused: (change: RefusedChange | null) => void = () => {}
  /** Called on each close. */
  onClose: (entry: Entry) => void = (entry) => this.onSettled(entry)
  /** Called once for each close, when its record will not be corrected any more. */
  onSettled: (entry: Entry) => void = () => {}
  /** Called when a live connection may have a problem. */
  onDoubt: (entry: Entry) => void = () => {}
  /** How many live connections have each problem. */
  readonly problems = new Map<ProblemCode, number>()
  /** Time of the last kernel sample, in Unix milliseconds. */
  kernelSampledAt = 0
  /** Time of the last sample of the clients' sockets, in Unix milliseconds. */
  otherEndsSampledAt = 0

  readonly closedList: ClosedList
  readonly #closedKept: number
  readonly #byId = new Map<number, Entry>()
  readonly #actions = new NewestActions()
  #newest: Entry | null = null
  #refused: { seq: number; change: RefusedChange }[] = []
  /** For the connections that the newest sample found in ESTABLISHED first. */
  #established: readonly SampledState[] = NO_STATES

  constructor(closedKept: number) {
    this.#closedKept = closedKept
    this.closedList = new ClosedList(closedKept)
  }

  accept({ id, local, remote, pid, fd, openedAt, inode = 0 }: Accepted): void {
    const entry = new Entry(id, local, remote, pid, fd, openedAt, ++this.seq, inode)
    this.#byId.set(id, entry)
    this.#append(entry)
    this.counters.accepted++
    this.counters.live++
    this.onAccept(entry)
  }

  /** Sets the progress of a live connection. Ignores an unknown or closed id. */
  progress(id: number, lastActivityAt: number, progress: Progress): void {
    const entry = this.#live(id)
    if (entry === null) return
    this.counters.bytesIn += progress.bytesIn - entry.progress.bytesIn
    this.counters.bytesOut += progress.bytesOut - entry.progress.bytesOut
    entry.lastActivityAt = lastActivityAt
    entry.progress = progress
    this.#touch(entry)
    entry.dataSeq = entry.changeSeq
    if (liveState(progress) === 'half-closed' || beganBadly(progress.protocol)) this.onDoubt(entry)
  }

  close(id: number, close: Close): void {
    const entry = this.#live(id)
    if (entry === null) return
    const { beforeReset } = entry
    entry.close = close.reset === 'server' && beforeReset !== undefined ? { ...close, beforeReset } : close
    const hadProblem = entry.problem !== null
    this.#count(entry.problem, -1)
    entry.problem = null
    this.#touch(entry)
    entry.closeSeq = entry.changeSeq
    this.closedList.add(entry, hadProblem)
    this.counters.live--
    this.counters.closed++
    if (entry.close.reset !== null) this.counters.resets++
    this.onClose(entry)
  }

  /** Replaces the account of a close by one with the kernel's evidence. */
  testify(entry: Entry, close: Close): void {
    this.counters.resets += Number(close.reset !== null) - Number(entry.close?.reset != null)
    entry.close = close
    if (this.#byId.get(entry.id) !== entry) return
    this.#touch(entry)
    entry.evidenceSeq = entry.changeSeq
  }

  closeAll(close: Close): void {
    for (const entry of this.live()) this.close(entry.id, close)
  }

  /** Records an action on a live or closed connection. Ignores an id that is no longer kept. */
  act(id: number, action: Action): void {
    const entry = this.#byId.get(id)
    if (entry === undefined) return
    this.#touch(entry)
    this.acted++
    this.#actions.add(entry, action)
  }

  /** Sets the kernel's facts of a live or closed connection. @param facts null if they are not known any more */
  kernel(entry: Entry, facts: KernelFacts | null): void {
    const { sampledStates } = entry
    entry.kernel = facts
    entry.forgottenAt = undefined
    if (facts !== null) {
      if (entry.lastState !== facts.tcpState) this.#note(entry, facts.tcpState)
      if (entry.close === null && mayBeUnwell(facts)) this.onDoubt(entry)
    }
    // The kernel may still have the socket of an evicted record.
    if (this.#byId.get(entry.id) !== entry) return
    this.#touch(entry)
    entry.kernelSeq = entry.changeSeq
    if (entry.sampledStates !== sampledStates) entry.statesSeq = entry.changeSeq
  }

  /** The newest sample no longer found the socket. */
  forgotten(entry: Entry): void {
    this.kernel(entry, null)
    entry.forgottenAt = this.kernelSampledAt
  }

  /** Keeps what the newest sample knows of live connections: somebody has asked for their RST, which deletes it. */
  beforeReset(ids: readonly number[] | 'all'): void {
    for (const entry of ids === 'all' ? this.live() : ids.map((id) => this.#live(id))) {
      if (entry !== null) entry.beforeReset = entry.kernel === null ? undefined : queuesOf(entry.kernel, entry.progress)
    }
  }

  /** Takes back the kernel's facts: they were another connection's. */
  unmatch(entry: Entry): void {
    this.kernel(entry, null)
    entry.sampledStates = NO_STATES
    entry.statesSeq = entry.changeSeq
  }

  /** Sets the facts of the client's own socket. @param facts null if the socket no longer exists */
  otherEnd(entry: Entry, facts: OtherEnd | null): void {
    entry.otherEnd = facts
    if (this.#byId.get(entry.id) !== entry) return
    this.#touch(entry)
    entry.otherEndSeq = entry.changeSeq
  }

  /** Sets what is wrong with a live connection. @param problem null if nothing is */
  problem(entry: Entry, problem: Problem | null): void {
    if (entry.close !== null) return
    this.#count(entry.problem, -1)
    this.#count(problem, 1)
    entry.problem = problem
    this.#touch(entry)
    entry.problemSeq = entry.changeSeq
  }

  /** Moves all times. Readers must then start over. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    for (const entry of this.#byId.values()) entry.shift(ms)
    this.kernelSampledAt += ms
    this.otherEndsSampledAt += ms
    this.#refused = this.#refused.map(({ seq, change }) => ({ seq, change: { ...change, at: change.at + ms } }))
  }

  /** Counts refusals that are not listed one by one. */
  refuseUnlisted(count: number): void {
    this.counters.refused += count
    this.seq++
    this.onRefused(null)
  }

  refuse(change: RefusedChange): void {
    this.counters.refused++
    this.#refused.push({ seq: ++this.seq, change })
    if (this.#refused.length > REFUSED_KEPT * 2) this.#refused = this.#refused.slice(-REFUSED_KEPT)
    this.onRefused(change)
  }

  /** Evicts closed records above the limit. Call it after the readers have had their turn. */
  trim(slack: number): void {
    while (this.#byId.size - this.counters.live > this.#closedKept + slack) {
      const entry = this.closedList.evict()
      if (entry === null) return
      this.#unlink(entry)
      this.#byId.delete(entry.id)
    }
  }

  get(id: number): Entry | null {
    return this.#byId.get(id) ?? null
  }

  all(): Entry[] {
    return [...this.#byId.values()]
  }

  live(): Entry[] {
    const entries: Entry[] = []
    for (const entry of this.#byId.values()) if (entry.close === null) entries.push(entry)
    return entries
  }

  /** Records changed after `seq`, ordered by their last change. */
  changedSince(seq: number): Entry[] {
    const entries: Entry[] = []
    for (let e = this.#newest; e !== null && e.changeSeq > seq; e = e.before) entries.push(e)
    return entries.reverse()
  }

  refusedSince(seq: number): RefusedChange[] {
    const changes: RefusedChange[] = []
    for (const refused of this.#refused) if (refused.seq > seq) changes.push(refused.change)
    return changes
  }

  #live(id: number): Entry | null {
    const entry = this.#byId.get(id)
    return entry === undefined || entry.close !== null ? null : entry
  }

  /** Idle connections have been found in ESTABLISHED and nothing else. All of a sample share one list, so they cost no memory. */
  #note(entry: Entry, state: TcpState): void {
    const at = this.kernelSampledAt
    if (entry.sampledStates.length > 0 || state !== 'ESTABLISHED') {
      entry.sampledStates = withState(entry.sampledStates, state, at)
      return
    }
    if (this.#established[0]?.at !== at) this.#established = [{ state, at }]
    entry.sampledStates = this.#established
  }

  #count(problem: Problem | null, by: 1 | -1): void {
    if (problem === null) return
    this.counters.attention += by
    this.problems.set(problem.code, (this.problems.get(problem.code) ?? 0) + by)
  }

  #touch(entry: Entry): void {
    entry.changeSeq = ++this.seq
    if (this.#newest === entry) return
    this.#unlink(entry)
    this.#append(entry)
  }

  #append(entry: Entry): void {
    entry.before = this.#newest
    if (this.#newest !== null) this.#newest.after = entry
    this.#newest = entry
  }

  #unlink(entry: Entry): void {
    if (entry.before !== null) entry.before.after = entry.after
    if (entry.after !== null) entry.after.before = entry.before
    else this.#newest = entry.before
    entry.before = entry.after = null
  }
}

/** The bytes in both queues. In each, a FIN counts as a byte until it has been read or acknowledged (RFC 9293, 3.4). */
function queuesOf({ tcpState, recvQueue, sendQueue }: KernelFacts, progress: Progress): Close['beforeReset'] {
  const received = tcpState === 'CLOSE_WAIT' || tcpState === 'LAST_ACK' || tcpState === 'CLOSING'
  const sent = tcpState === 'FIN_WAIT_1' || tcpState === 'LAST_ACK' || tcpState === 'CLOSING'
  const finUnread = received && liveState(progress) === 'open'
  return { unread: Math.max(0, recvQueue - (finUnread ? 1 : 0)), unsent: Math.max(0, sendQueue - (sent ? 1 : 0)) }
}
