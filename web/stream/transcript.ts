import type { Direction } from '../../shared/payload.ts'
import { formatBytes } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import { copyAs } from './copy.ts'
import { type EventWords } from './event-words.ts'
import { isBefore, type StreamEvent } from './events.ts'
import type { Chunk, Followed } from './followed.ts'
import { type Untaken, untakenWords } from './untaken.ts'

const ARROWS: Record<Direction, string> = { in: '→', out: '←' }

/**
 * The kept bytes and the events as text, in order of time. Each line of bytes is indented, so that no bytes look like an event.
 * Times are of UTC.
 */
export function transcript(
  followed: Followed,
  events: readonly StreamEvent[],
  wordsOf: (event: StreamEvent) => EventWords,
  untaken: Untaken | null = null,
): string {
  const lines: string[] = []
  let next = 0
  const tell = (event: StreamEvent): void => {
    const { title, detail } = wordsOf(event)
    lines.push(`${timeOf(event.at)} · ${[title, detail].filter(Boolean).join(' · ')}`)
  }
  for (const chunk of followed.after(0)) {
    for (let event = events[next]; event && isBefore(event, chunk.at); event = events[++next]) tell(event)
    lines.push(...linesOf(chunk, followed, untaken))
  }
  for (const event of events.slice(next)) tell(event)
  return `${lines.join('\n')}\n`
}

function linesOf(chunk: Chunk, followed: Followed, untaken: Untaken | null): string[] {
  const { direction, at, offset, end } = chunk
  const { from } = followed.streams[direction]
  const missing = offset === from && from > 0 ? [messages.stream.missing[direction](formatBytes(from))] : []
  const text = copyAs('text', followed.bytesOf(chunk), '').replace(/\r?\n$/, '')
  return [
    ...missing,
    [`${timeOf(at)} ${ARROWS[direction]} ${formatBytes(end - offset)}`, untakenWords(chunk, untaken)]
      .filter(Boolean)
      .join(' · '),
    ...text.split(/\r\n|[\r\n]/).map((line) => `    ${line}`),
  ]
}

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
