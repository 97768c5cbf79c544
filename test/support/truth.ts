import type { Close } from '../../shared/connection.ts'
import type { Phase } from '../../web/connection/timeline.ts'
import { type Conversation, crossed, type Segment } from './wire.ts'

type Ending = Pick<Close, 'by' | 'how' | 'reset'>

/**
 * Whether a record says what the two ends sent. Where two segments crossed, each end saw its own one first.
 * @param ourFinWaited a sample has shown that the server closed first. Its FIN may have waited for the client's window.
 */
export function isTrue(
  { by, how, reset, evidence }: Close,
  { segments }: Conversation,
  ourFinWaited: boolean,
): boolean {
  const [first] = segments
  if (first === undefined) return false
  const other = segments.find(({ from }) => from !== first.from)
  const bothFins = first.kind === 'fin' && other?.kind === 'fin'
  const firsts = other !== undefined && (crossed(first, other) || (bothFins && ourFinWaited)) ? [first, other] : [first]
  // RST may overtake a FIN that waits. An idle timeout is a close(2): FIN, or RST if bytes were unread.
  const waited = how === 'timeout' || (by === 'server' && how === 'fin' && (ourFinWaited || evidence === null))
  const began = (one: Segment) => one.from === by && (one.kind === how || waited)
  return firsts.some(began) && resetters(segments, bothFins).has(reset)
}

function resetters(segments: Segment[], bothFins: boolean): Set<Close['reset']> {
  const resets = segments.filter(({ kind }) => kind === 'reset')
  const [first] = resets
  const by = resets
    .filter((one) => one === first || (first !== undefined && crossed(first, one)))
    .map(({ from }) => from)
  // After both FINs, RST answers a segment that came too late, and ends nothing.
  return new Set(bothFins || first === undefined ? [...by, null] : by)
}

/** RFC 9293, 3.3.2; and RST leads to CLOSED from anywhere. */
const NEXT: Partial<Record<Phase['state'], Phase['state'][]>> = {
  SYN_RECV: ['ESTABLISHED'],
  ESTABLISHED: ['FIN_WAIT_1', 'CLOSE_WAIT'],
  FIN_WAIT_1: ['FIN_WAIT_2', 'CLOSING', 'TIME_WAIT'],
  FIN_WAIT_2: ['TIME_WAIT'],
  CLOSING: ['TIME_WAIT'],
  TIME_WAIT: ['CLOSED'],
  CLOSE_WAIT: ['LAST_ACK'],
  LAST_ACK: ['CLOSED'],
}

/** Whether a connection that ended like this can have gone through these states. */
export function isPath(states: Phase['state'][], { by, how, reset }: Ending, certain: boolean): boolean {
  const steps = states.slice(1).map((to, index): [Phase['state'], Phase['state']] => [states[index] ?? to, to])
  const early = reset !== null || !certain
  if (!steps.every(([from, to]) => (NEXT[from] ?? []).includes(to) || (to === 'CLOSED' && early))) return false
  // A FIN that waited for the client's window was not sent, but the state has changed.
  if (how === 'reset')
    return states.every((state) => ['SYN_RECV', 'ESTABLISHED', 'FIN_WAIT_1', 'CLOSED'].includes(state))
  return how === 'timeout' || states.includes(by === 'server' ? 'FIN_WAIT_1' : 'CLOSE_WAIT')
}
