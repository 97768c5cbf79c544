import type { Problem, ProblemCode } from '../../shared/diagnosis.ts'

export type End = 'client' | 'server'

/** The end to check first. Null: either end, or the network between. */
const ENDS: Record<ProblemCode, End | null> = {
  'peer-not-reading': 'client',
  // Lost packets and lost acknowledgments look alike.
  retransmitting: null,
  vanished: 'client',
  waiting: 'server',
  'not-closed': 'server',
  unread: 'server',
  'tls-to-plain': 'client',
  'unfinished-request': 'client',
}

/** The end of a connection that its problem points to. */
export function blamedEnd(problem: Problem | null): End | null {
  return problem === null ? null : ENDS[problem.code]
}
