import { type EventWords, isRepeat, wordsOf } from '../stream/event-words.ts'
import { ONCE, type Repeats, type StreamEvent } from '../stream/events.ts'

/** A line of the list of events. Of those that share it, `event` is the first. */
export interface EventLine extends EventWords {
  event: StreamEvent
  repeats: Repeats
}

/** The events in words. */
export function linesOf(events: readonly StreamEvent[], fd: number | null): EventLine[] {
  const lines: EventLine[] = []
  for (const [index, event] of events.entries()) {
    const before = events[index - 1]
    const last = lines.at(-1)
    if (before && last && isRepeat(event, before, fd)) {
      last.repeats = { count: last.repeats.count + 1, ms: event.at - last.event.at }
    } else lines.push({ event, ...wordsOf(event, fd), repeats: ONCE })
  }
  return lines
}
