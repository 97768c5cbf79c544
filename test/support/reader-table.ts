import { ACTIONS_KEPT } from '../../shared/action.ts'
import type { Connection } from '../../shared/connection.ts'
import { progressOf } from '../../shared/record.ts'
import type { Change, Counters, RefusedChange, ServerFrame } from '../../shared/stream.ts'

/**
 * The table of a dashboard, built from frames strictly by docs/protocol.md. Throws on a frame that a dashboard could not apply:
 * an unknown id, a repeated accept, a snapshot with a wrong total.
 */
export class ReaderTable {
  readonly live = new Map<number, Connection>()
  readonly closed = new Map<number, Connection>()
  readonly refused: RefusedChange[] = []
  counters: Counters | null = null
  seq = -1
  synced = false
  resyncs = 0
  #inSnapshot = 0

  apply(frame: ServerFrame): void {
    if (frame.type === 'snapshot') this.#snapshot(frame)
    if (frame.type === 'changes') this.#changes(frame)
  }

  #snapshot(frame: Extract<ServerFrame, { type: 'snapshot' }>): void {
    if (frame.resync) this.resyncs++
    if (this.synced && !frame.resync) throw new Error('a second snapshot without "resync"')
    if (frame.resync || this.seq === -1) {
      this.synced = false
      this.live.clear()
      this.closed.clear()
      this.#inSnapshot = 0
    } else if (frame.seq !== this.seq) throw new Error('the parts of a snapshot differ in seq')
    for (const connection of frame.connections) {
      if (this.find(connection.id)) throw new Error(`connection ${connection.id} is twice in a snapshot`)
      if (connection.state === 'closed') this.closed.set(connection.id, connection)
      else this.live.set(connection.id, connection)
    }
    this.#inSnapshot += frame.connections.length
    this.seq = frame.seq
    this.counters = frame.counters
    if (frame.last) {
      if (this.#inSnapshot !== frame.total) throw new Error(`total is ${frame.total}, but ${this.#inSnapshot} came`)
      this.synced = true
    }
  }

  #changes(frame: Extract<ServerFrame, { type: 'changes' }>): void {
    if (!this.synced) throw new Error('changes before the snapshot was whole')
    if (frame.seq < this.seq) throw new Error('seq went back')
    for (const change of frame.changes) this.#change(change)
    this.seq = frame.seq
    this.counters = frame.counters
  }

  #change(change: Change): void {
    if (change.kind === 'refused') {
      this.refused.push(change)
      return
    }
    if (change.kind === 'accept') {
      const { id } = change.connection
      if (this.find(id)) throw new Error(`connection ${id} was accepted twice`)
      this.live.set(id, change.connection)
      return
    }
    if (change.kind === 'evidence') {
      const closed = this.closed.get(change.id)
      if (this.live.has(change.id)) throw new Error(`evidence of ${change.id}, which is live here`)
      if (closed) closed.close = change.close
      return
    }
    if (change.kind === 'problem') {
      const live = this.live.get(change.id)
      if (!live) throw new Error(`a problem of ${change.id}, which is not live here`)
      live.problem = change.problem
      return
    }
    if (change.kind === 'kernel' || change.kind === 'other-end' || change.kind === 'action') {
      // A closed connection may be missing here, because a snapshot holds only the newest ones.
      const known = this.find(change.id)
      if (known && change.kind === 'kernel') {
        known.kernel = change.kernel
        known.forgottenAt = change.forgottenAt
        if (change.sampledStates !== undefined) known.sampledStates = change.sampledStates
      }
      if (known && change.kind === 'other-end') known.otherEnd = change.otherEnd
      if (known && change.kind === 'action') known.actions = [...known.actions, change.action].slice(-ACTIONS_KEPT)
      return
    }
    const connection = this.live.get(change.id)
    if (!connection) throw new Error(`${change.kind} of ${change.id}, which is not live here`)
    Object.assign(connection, progressOf(change))
    if (change.kind === 'data') {
      Object.assign(connection, { lastActivityAt: change.at, state: change.state })
    } else {
      this.live.delete(change.id)
      const { close, lastActivityAt } = change
      this.closed.set(
        change.id,
        Object.assign(connection, { state: 'closed', fd: null, problem: null, close, lastActivityAt }),
      )
    }
  }

  find(id: number): Connection | undefined {
    return this.live.get(id) ?? this.closed.get(id)
  }
}
