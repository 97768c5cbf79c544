import {
  type Finding,
  findings,
  isWanted,
  type Patient,
  PROBLEM_AFTER_MS,
  type Problem,
  type ProblemCode,
  SEVERITY,
} from '../../shared/diagnosis.ts'
import { liveState, readingStopped } from '../../shared/record.ts'
import type { Entry } from './entry.ts'
import type { ConnectionTable } from './table.ts'

/** How long a problem stays after it was last found, in milliseconds. Without this, a problem that comes and goes would flicker. */
const STAYS_MS = 2_000
/** Minimum time between two updates of a problem's evidence, in milliseconds. */
const EVIDENCE_EVERY_MS = 1_000

interface Watched {
  /** When each finding was first made. */
  since: Map<ProblemCode, number>
  /** When the shown problem was last found, and last written into the record. */
  foundAt: number
  writtenAt: number
  /** Of the last sample examined: what the client had acknowledged and the program had read, and the bytes in the queues. */
  acked: number | null
  sendQueue: number
  read: number | null
  recvQueue: number
}

/** Keeps each record's `problem` current. Only connections that may have one are examined. */
export class Attention {
  readonly #table: ConnectionTable
  readonly #watched = new Map<Entry, Watched>()

  constructor(table: ConnectionTable) {
    this.#table = table
    table.onDoubt = (entry) => {
      if (this.#watched.has(entry)) return
      const nothing = { acked: null, sendQueue: 0, read: null, recvQueue: 0 }
      this.#watched.set(entry, { since: new Map(), foundAt: 0, writtenAt: 0, ...nothing })
    }
  }

  /** Examines those in doubt. Call it after each sample, and at least once a second. @param now Unix milliseconds */
  examine(now: number): void {
    for (const [entry, watched] of this.#watched) {
      if (entry.close !== null || !this.#update(entry, watched, now)) this.#watched.delete(entry)
    }
  }

  /** Moves all times. @param ms by how much the clock was set, milliseconds */
  shift(ms: number): void {
    for (const watched of this.#watched.values()) {
      for (const [code, at] of watched.since) watched.since.set(code, at + ms)
      watched.foundAt += ms
      watched.writtenAt += ms
    }
  }

  /** @returns false if nothing is unusual about the connection any longer */
  #update(entry: Entry, watched: Watched, now: number): boolean {
    const patient = patientOf(entry)
    const found = findings(patient).filter(({ code }) => !isWanted(code, patient) && !isExcused(code, patient))
    const { clientReads, programReads } = compare(entry, watched)
    // A client that reads slowly also has its window closed at times.
    if (clientReads) watched.since.delete('peer-not-reading')
    // Those that wait now are not those that waited before.
    if (programReads) watched.since.delete('unread')
    const { since } = watched
    for (const code of since.keys()) if (!found.some((finding) => finding.code === code)) since.delete(code)
    for (const { code } of found) if (!since.has(code)) since.set(code, this.#beginOf(code, entry, now))
    const open = since.get('not-closed')
    // As long as the server sends, it isn't done.
    if (open !== undefined) since.set('not-closed', Math.max(open, entry.lastActivityAt))
    const ripe = found.find(({ code }) => now - (since.get(code) ?? now) >= (PROBLEM_AFTER_MS[code] ?? 0))
    const shown = entry.problem
    if (ripe === undefined) {
      if (shown === null) return found.length > 0
      if (now - watched.foundAt >= STAYS_MS) this.#table.problem(entry, null)
      return true
    }
    watched.foundAt = now
    const problem = problemOf(ripe, since.get(ripe.code) ?? now)
    if (shown?.code !== problem.code || (now - watched.writtenAt >= EVIDENCE_EVERY_MS && differ(shown, problem))) {
      watched.writtenAt = now
      this.#table.problem(entry, problem)
    }
    return true
  }

  /**
   * When a new finding began. A sample may show it long after the last activity, so its time counts from now. The earlier time is
   * known only if the server has read the client's FIN, and no earlier sample found unacknowledged bytes of the server.
   */
  #beginOf(code: ProblemCode, { progress, lastActivityAt, sampledStates }: Entry, now: number): number {
    if (code !== 'not-closed' || liveState(progress) !== 'half-closed') return now
    const closeWait = sampledStates.find(({ state }) => state === 'CLOSE_WAIT')
    return closeWait === undefined || closeWait.at === this.#table.kernelSampledAt ? lastActivityAt : now
  }
}

function patientOf({ close, progress, kernel }: Entry): Patient {
  const live = close === null
  const halfClosed = live && liveState(progress) === 'half-closed'
  return { live, halfClosed, readingStopped: readingStopped(progress), protocol: progress.protocol, kernel }
}

/** A server that waits until its answers have left, as echo does, reads on only then. */
function isExcused(code: ProblemCode, { kernel }: Patient): boolean {
  return code === 'unread' && kernel !== null && kernel.sendQueue > 0
}

/**
 * Who has read since the last examination. Compares samples with samples only: the record's bytes are newer than the sample by an
 * amount that varies. /proc counts neither, but there the queues shrink.
 */
function compare({ acked, read, kernel }: Entry, watched: Watched): { clientReads: boolean; programReads: boolean } {
  const { sendQueue, recvQueue } = kernel ?? NO_QUEUES
  const clientReads = moved(watched.acked, acked) || sendQueue < watched.sendQueue
  const programReads = moved(watched.read, read) || recvQueue < watched.recvQueue
  Object.assign(watched, { acked, sendQueue, read, recvQueue })
  return { clientReads, programReads }
}

const NO_QUEUES = { sendQueue: 0, recvQueue: 0 }

function moved(before: number | null, count: number | null): boolean {
  return before !== null && count !== null && count !== before
}

function problemOf({ code, evidence }: Finding, since: number): Problem {
  return { code, severity: SEVERITY[code], since, evidence }
}

function differ(a: Problem, b: Problem): boolean {
  return JSON.stringify(a.evidence) !== JSON.stringify(b.evidence)
}
