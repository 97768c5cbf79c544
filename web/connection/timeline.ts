import type { TcpState } from '../../shared/kernel.ts'
import { TCP_STATES } from '../../shared/vocabulary.ts'
import type { Row } from '../live/row.ts'

/** One state in a connection's life. */
export interface Phase {
  state: TcpState
  /** Unix milliseconds; null if unknown. */
  from: number | null
  /** True: `from` is when a sample first found the state, which had begun by then. False: the server saw it begin. */
  sampled: boolean
  /** Null: not ended yet, or unknown. */
  to: number | null
  /** True if a sample found the state, or no socket any more; otherwise it is inferred (RFC 9293, 3.3.2). */
  seen: boolean
  /** True for the current state. No phase has it if the current state is unknown: the connection has closed, and no sample shows its socket. */
  now: boolean
}

export type Life = Pick<
  Row,
  'openedAt' | 'halfClosedAt' | 'finSentAt' | 'close' | 'sampledStates' | 'kernel' | 'forgottenAt'
>

/** The life of a connection in TCP states: those found by samples, and between them those that must have occurred. */
export function timeline(life: Life): Phase[] {
  const expected = path(life)
  const seen = new Map(life.sampledStates.map(({ state, at }) => [state, at]))
  const phases: Phase[] = expected.map(({ state, from, sampled = from === null && seen.has(state) }) => ({
    state,
    from: from ?? seen.get(state) ?? null,
    sampled,
    to: null,
    seen: sampled || seen.has(state),
    now: false,
  }))
  // A sampled state outside the expected path is kept, for example when both sides closed at once. Its place follows from the
  // order of the states, because a sample may begin before the time that the server notes for its FIN.
  for (const { state, at } of life.sampledStates) {
    if (expected.some((step) => step.state === state)) continue
    const rank = TCP_STATES.indexOf(state)
    const index = phases.findIndex((phase) => TCP_STATES.indexOf(phase.state) > rank)
    const phase = { state, from: at, sampled: true, to: null, seen: true, now: false }
    phases.splice(index === -1 ? phases.length : index, 0, phase)
  }
  for (const [index, phase] of phases.entries()) {
    const previous = phases[index - 1]
    if (previous) previous.to = phase.from
  }
  const last = phases.at(-1)
  if (last) last.now = last.state !== 'CLOSED' && (life.close === null || life.kernel !== null)
  return phases
}

/** How well the time in a state is known: samples find a state after it began. */
export type Precision = 'exact' | 'at-most' | 'at-least' | 'about'

/**
 * How long the connection was in the phase, or has been in it. Null if unknown.
 * @param next the phase after it @param now the server's clock
 */
export function timeIn(
  phase: Phase,
  next: Pick<Phase, 'sampled'> | undefined,
  now: number,
): { ms: number; precision: Precision } | null {
  const to = phase.now ? now : phase.to
  if (phase.from === null || to === null || phase.state === 'CLOSED') return null
  const endSampled = !phase.now && next?.sampled === true
  const precision = phase.sampled ? (endSampled ? 'about' : 'at-least') : endSampled ? 'at-most' : 'exact'
  return { ms: Math.max(0, to - phase.from), precision }
}

interface Step {
  state: TcpState
  from: number | null
  sampled?: boolean
}

/** The states that follow from the server's facts. */
function path({ openedAt, halfClosedAt, finSentAt, close, kernel, forgottenAt, sampledStates }: Life): Step[] {
  const steps: Step[] = [
    { state: 'SYN_RECV', from: null },
    { state: 'ESTABLISHED', from: openedAt },
  ]
  const finFirst = finSentAt !== null && (halfClosedAt === null || finSentAt <= halfClosedAt)
  // The client's FIN may have come before ours and been read later. The close tells.
  const weFirst = finFirst && close?.by !== 'peer'
  if (close === null) {
    if (weFirst) steps.push({ state: 'FIN_WAIT_1', from: finSentAt })
    else if (halfClosedAt !== null) steps.push({ state: 'CLOSE_WAIT', from: halfClosedAt })
    return steps
  }
  const byOurFin = close.by === 'server' && close.how === 'fin'
  const passive = !weFirst && (close.by === 'peer' || (halfClosedAt !== null && !byOurFin))
  const unknown = kernel === null && forgottenAt === undefined
  // Whether the socket may have outlived the close.
  let mayRemain = false
  if (close.reset !== null || close.how === 'error') {
    if (weFirst) steps.push({ state: 'FIN_WAIT_1', from: finSentAt })
    // The server may not have read the client's FIN.
    else if (halfClosedAt !== null || (close.by === 'peer' && close.how === 'fin'))
      steps.push({ state: 'CLOSE_WAIT', from: halfClosedAt })
  } else if (passive) {
    steps.push({ state: 'CLOSE_WAIT', from: halfClosedAt }, { state: 'LAST_ACK', from: close.at })
    // The kernel tells of a socket when it destroys it.
    mayRemain = close.evidence === null
  } else if (close.by === 'server') {
    steps.push({ state: 'FIN_WAIT_1', from: weFirst ? finSentAt : close.at })
    mayRemain = true
    const wasIn = (wanted: TcpState) => sampledStates.some(({ state }) => state === wanted)
    // The FINs crossed, so there was no FIN_WAIT_2.
    if (wasIn('CLOSING')) steps.push({ state: 'CLOSING', from: null })
    else if (kernel?.tcpState !== 'FIN_WAIT_1') steps.push({ state: 'FIN_WAIT_2', from: null })
    // From FIN_WAIT_2 only the client's FIN leads on.
    const implied = unknown && (halfClosedAt !== null || !wasIn('FIN_WAIT_2'))
    if (wasIn('TIME_WAIT') || implied) steps.push({ state: 'TIME_WAIT', from: null })
  }
  if (forgottenAt !== undefined) steps.push({ state: 'CLOSED', from: forgottenAt, sampled: true })
  // RST ends everything at once. After a FIN, nobody knows when it came, or when the last ACK did.
  else if (unknown && !mayRemain) steps.push({ state: 'CLOSED', from: close.how === 'fin' ? null : close.at })
  return steps
}
