import type { TcpState } from '../../shared/kernel.ts'
import { type LifeEvent, lifeOf, precedesBytes } from '../../shared/life.ts'
import type { Emptied } from '../live/queues.ts'
import type { Row } from '../live/row.ts'

/** What happened to a connection besides its bytes. `state`, `gone` and `emptied` are from samples of the kernel. */
export type StreamEvent =
  | LifeEvent
  | { kind: 'state'; at: number; state: TcpState }
  | { kind: 'gone'; at: number }
  | ({ kind: 'emptied' } & Emptied)

/** How often the same happened one right after the other, and in what time. */
export interface Repeats {
  count: number
  ms: number
}

export const ONCE: Repeats = { count: 1, ms: 0 }

/** Whether the event's time is that of a sample: it happened some time before. */
export function isSampled({ kind }: StreamEvent): boolean {
  return kind === 'state' || kind === 'gone' || kind === 'emptied'
}

/** The events of a connection, in order of time. The only place where the page makes events of a record. */
export function eventsOf(row: Row): StreamEvent[] {
  const { sampledStates, emptied, forgottenAt, close } = row
  const [accept, ...life] = lifeOf(row)
  const sampled: StreamEvent[] = emptied.map((one) => ({ kind: 'emptied', ...one }))
  for (const { state, at } of sampledStates) {
    // Every connection is established.
    if (state !== 'ESTABLISHED') sampled.push({ kind: 'state', at, state })
  }
  // Most sockets are gone with the close. It is worth a line where one outlived it.
  const outlived = close !== null && sampledStates.some(({ at }) => at > close.at)
  if (forgottenAt !== undefined && outlived) sampled.push({ kind: 'gone', at: forgottenAt })
  // What a sample finds happened before it, so of one millisecond it comes last.
  const events: StreamEvent[] = [...life, ...sampled].sort((a, b) => a.at - b.at)
  return accept === undefined ? events : [accept, ...events]
}

/** Whether the lists tell the same. A record is read again with each of its changes, and few of them are events. */
export function areSame(some: readonly StreamEvent[], others: readonly StreamEvent[]): boolean {
  return some.length === others.length && some.every((event, index) => isSame(event, others[index]))
}

function isSame(event: StreamEvent, other: StreamEvent | undefined): boolean {
  if (event.kind !== other?.kind || event.at !== other.at) return false
  if (event.kind === 'action' && other.kind === 'action') return event.action === other.action
  return event.kind !== 'close' || other.kind !== 'close' || event.close === other.close
}

/** Whether the event comes before a chunk that was read or written at this time. */
export function isBefore(event: StreamEvent, at: number): boolean {
  return event.at < at || (event.at === at && precedesBytes(event))
}

/** The sign of an event: a FIN, an end that lost something or may have, what was done by hand, or what a sample found. */
export type EventMark = 'accept' | 'fin' | 'reset' | 'hand' | 'refused' | 'sampled'

export function markOf(event: StreamEvent): EventMark {
  switch (event.kind) {
    case 'accept':
      return 'accept'
    case 'half-close':
      return 'fin'
    case 'action':
      return event.action.code === null ? 'hand' : 'refused'
    case 'close':
      return event.close.how === 'fin' && event.close.reset === null ? 'fin' : 'reset'
    default:
      return 'sampled'
  }
}
