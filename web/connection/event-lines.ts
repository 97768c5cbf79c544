import { type EventWords, wordsOf } from '../stream/event-words.ts'
import type { StreamEvent } from '../stream/events.ts'

/** A line of the list of events. `count`: how many refused actions in a row it stands for; of several, `event` is the first. */
export interface EventLine extends EventWords {
  event: StreamEvent
  count: number
}

/** The events in words. Actions that were refused in the same words, one after the other, share a line. */
export function linesOf(events: readonly StreamEvent[], fd: number | null): EventLine[] {
  const lines: EventLine[] = []
  for (const event of events) {
    const words = wordsOf(event, fd)
    const last = lines.at(-1)
    const same = last?.title === words.title && last.detail === words.detail
    if (same && isRefused(event) && isRefused(last.event)) last.count++
    else lines.push({ event, ...words, count: 1 })
  }
  return lines
}

function isRefused(event: StreamEvent): boolean {
  return event.kind === 'action' && event.action.code !== null
}
