import { describeAction } from '../act/describe.ts'
import { describeClose, messages } from '../text/messages.ts'
import type { PortEvent } from './event-log.ts'

/** What happened, in a few words. */
export function describeEvent(event: PortEvent): string {
  switch (event.kind) {
    case 'accepted':
      return messages.stream.events.accept
    case 'half-closed':
      return messages.stream.events.fin.peer
    case 'closed':
      return event.row.close ? describeClose(event.row.close) : messages.live.state.closed
    case 'problem':
      return messages.live.problems[event.code]
    case 'problem-over':
      return messages.events.problemOver(messages.live.problems[event.code])
    case 'action':
      return describeAction(event.action)
    case 'refused':
      return messages.events.refused[event.why]
    case 'behavior':
      return messages.events.behavior(event.behavior)
  }
}

/** The sign of what was done by hand, which an attempt that failed does not share. Null: another kind of event. */
export function handMark(event: PortEvent): 'own' | 'failed' | null {
  if (event.kind === 'behavior') return 'own'
  if (event.kind !== 'action') return null
  return event.action.code === null ? 'own' : 'failed'
}
