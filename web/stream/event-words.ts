import type { Close, CloseEvidence } from '../../shared/connection.ts'
import { aftermath, describeAction } from '../act/describe.ts'
import { formatBytes, formatCount, formatInterval } from '../text/format.ts'
import { describeClose, messages } from '../text/messages.ts'
import { isSampled, type Repeats, type StreamEvent } from './events.ts'

/** An event in words: what happened, and what else is known about it. */
export interface EventWords {
  title: string
  detail: string
}

/** @param fd the connection's descriptor, while it has one */
export function wordsOf(event: StreamEvent, fd: number | null): EventWords {
  const text = messages.stream.events
  const words = plainWords(event, fd)
  if (!isSampled(event)) return words
  return { ...words, detail: [words.detail, text.sampled].filter(Boolean).join(' · ') }
}

function plainWords(event: StreamEvent, fd: number | null): EventWords {
  const text = messages.stream.events
  switch (event.kind) {
    case 'accept':
      return { title: text.accept, detail: fd === null ? '' : text.descriptor(String(fd)) }
    case 'action':
      return { title: describeAction(event.action), detail: aftermath(event.action) }
    case 'half-close':
      return { title: text.fin[event.by], detail: text.finHint[event.by] }
    case 'close':
      return { title: describeClose(event.close), detail: whyClosed(event.close, event.neverSent ?? 0) }
    case 'state':
      return { title: event.state, detail: messages.live.tcp[event.state] }
    case 'gone':
      return { title: text.gone, detail: '' }
    case 'emptied': {
      const { queue, bytes, ms } = event
      return { title: text.emptied[queue], detail: text.held(formatBytes(bytes), formatInterval(ms)) }
    }
  }
}

/** What is known of the end besides who ended it and how, and from whom. */
function whyClosed({ code, evidence, beforeReset, finPossible }: Close, neverSent: number): string {
  const text = messages.stream.events
  const facts = code === null ? [] : [code]
  if (neverSent > 0) facts.push(text.neverSent(formatBytes(neverSent)))
  if (finPossible) facts.push(text.finPossible)
  if (evidence !== null) {
    return [...facts, ...countsOf(evidence), text.source[evidence.certain ? evidence.source : 'oneOfTwo']].join(' · ')
  }
  if (beforeReset === undefined) return [...facts, text.source.server].join(' · ')
  const lost = countsOf({ ...beforeReset, retransmits: 0 })
  return [...facts, text.beforeReset(lost.join(', ') || null), text.source.reset].join(' · ')
}

function countsOf({ unread, unsent, retransmits }: Pick<CloseEvidence, 'unread' | 'unsent' | 'retransmits'>): string[] {
  const text = messages.stream.events
  const counts: string[] = []
  if (unread > 0) counts.push(text.unread(formatBytes(unread)))
  if (unsent > 0) counts.push(text.unsent(formatBytes(unsent)))
  if (retransmits > 0) counts.push(text.retransmits(retransmits, formatCount(retransmits)))
  return counts
}

/** Whether an action was refused in the same words as the one before. Such actions share a line. */
export function isRepeat(event: StreamEvent, before: StreamEvent, fd: number | null): boolean {
  if (!isRefused(event) || !isRefused(before)) return false
  const [words, last] = [wordsOf(event, fd), wordsOf(before, fd)]
  return words.title === last.title && words.detail === last.detail
}

function isRefused(event: StreamEvent): boolean {
  return event.kind === 'action' && event.action.code !== null
}

/** How many events share a line, in words; empty: one. */
export function timesText({ count, ms }: Repeats): string {
  if (count === 1) return ''
  return messages.stream.events.times(count, formatCount(count), ms === 0 ? null : formatInterval(ms))
}

/** Widths of letters in the page's proportional font, in columns of the fixed-width one: Latin, and all others. */
const LATIN = 0.86
const WIDE = 1
/** Lines break between words, so of several lines each loses some room. */
const LOSS = 1.08

/** Rows that the words take, or one more. @param columns of the fixed-width font that fit */
export function rowsOfWords({ title, detail }: EventWords, columns: number): number {
  let width = 0
  for (const letter of `${title} ${detail}`) width += letter < '\u0250' ? LATIN : WIDE
  const lines = width / Math.max(10, columns)
  return lines <= 1 ? 1 : Math.ceil(lines * LOSS)
}
