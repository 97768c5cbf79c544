import type { Action } from '../../shared/action.ts'
import type { Close, Connection, Progress } from '../../shared/connection.ts'
import type { KernelFacts } from '../../shared/kernel.ts'
import { type Endpoint, familyOf } from '../../shared/endpoint.ts'
import { liveState, NO_PROGRESS } from '../../shared/record.ts'

/** An action and the sequence number under which readers are told of it. */
export interface Acted {
  seq: number
  action: Action
}

/** One for all records that nobody has acted on. */
const NO_ACTIONS: readonly Acted[] = Object.freeze([])

/** A connection's record and its places in the table's two lists. */
export class Entry {
  readonly id: number
  readonly local: Endpoint
  readonly remote: Endpoint
  readonly pid: number
  readonly fd: number
  readonly openedAt: number
  lastActivityAt: number
  /** Replaced as a whole, never changed. */
  progress: Progress = NO_PROGRESS
  close: Close | null = null
  kernel: KernelFacts | null = null
  actions: readonly Acted[] = NO_ACTIONS

  /** Sequence numbers of its accept, its close (Infinity until then) and its last change. */
  readonly acceptSeq: number
  closeSeq = Infinity
  changeSeq: number
  /** Of its last new totals or state, and of the last news from the kernel. */
  dataSeq = 0
  kernelSeq = 0

  /** Neighbours in the order of last change. */
  before: Entry | null = null
  after: Entry | null = null
  /** The connection that closed next, and the one before. */
  closedAfter: Entry | null = null
  closedBefore: Entry | null = null

  constructor(id: number, local: Endpoint, remote: Endpoint, pid: number, fd: number, openedAt: number, seq: number) {
    this.id = id
    this.local = local
    this.remote = remote
    this.pid = pid
    this.fd = fd
    this.openedAt = this.lastActivityAt = openedAt
    this.acceptSeq = this.changeSeq = seq
  }
}

/**
 * The public record.
 * @param kernelSampledAt null: without the kernel's facts
 * @param seq as of this sequence number: later actions and a later close are left out
 */
export function toConnection(entry: Entry, kernelSampledAt: number | null, seq = Number.MAX_SAFE_INTEGER): Connection {
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
    kernel: kernelSampledAt === null ? null : kernelFacts(entry, kernelSampledAt),
    actions: actionsUntil(entry, seq),
  }
}

export function kernelFacts({ kernel }: Entry, sampledAt: number): Connection['kernel'] {
  return kernel === null ? null : { sampledAt, ...kernel }
}

const NONE: readonly Action[] = Object.freeze([])

function actionsUntil({ actions }: Entry, until: number): readonly Action[] {
  if (actions.length === 0) return NONE
  return actions.filter(({ seq }) => seq <= until).map(({ action }) => action)
}
