import type { SocketFact } from './evidence.ts'
import { connectedFact, type Facts, isConfirmed, type MatchedConnection, tupleOf } from './facts.ts'
import { isOwn } from './own.ts'

/** Strangers in one question. */
const ASKED_MAX = 1_000

/** A new connection that does not count, and why. `whose`: it would, but it may be somebody else's. */
export interface Stray {
  why: 'ended' | 'unconfirmed' | 'other-ip' | 'other-port' | 'same-ip' | 'whose'
  socket: SocketFact
  /** Others of which the learner may be asked the same. */
  others: readonly SocketFact[]
}

/**
 * A connection that the learner has to know about. First the oldest stranger that would count if it were the learner's: the question
 * stays the same while others connect. If there is none, the learner's newest connection that doesn't count. Strangers older than
 * the learner's newest connection are left out.
 * @param wrong why a connection does not fit the step; null: it fits
 */
export function stray(facts: Facts, wrong: (row: MatchedConnection) => Stray['why'] | null = () => null): Stray | null {
  const rows = facts.connections.filter(({ id }) => id > facts.since).sort((a, b) => a.id - b.id)
  const own = rows.findLast((row) => isOwn(facts.own, row))
  const perhaps = rows.filter(
    (row) =>
      row.id > (own?.id ?? 0) && !facts.own.denied.has(tupleOf(row)) && isConfirmed(facts, row) && wrong(row) === null,
  )
  const question = whose(perhaps.slice(0, ASKED_MAX).map((row) => connectedFact(row, facts.now)))
  if (question !== null || own === undefined) return question
  const why = wrong(own) ?? (own.close ? 'ended' : isConfirmed(facts, own) ? null : 'unconfirmed')
  return why && { why, socket: connectedFact(own, facts.now), others: [] }
}

/** The question about the first of these sockets; null: there is none. */
export function whose([socket, ...others]: readonly SocketFact[]): Stray | null {
  return socket === undefined ? null : { why: 'whose', socket, others }
}
