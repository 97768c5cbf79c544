import type { Listener } from '../../shared/stream.ts'
import { finSent } from '../../shared/record.ts'
import { formatEndpoint } from '../../shared/endpoint.ts'
import { formatDuration } from '../text/format.ts'
import { describeState, messages } from '../text/messages.ts'
import type { Row } from '../live/row.ts'
import { problemText } from '../live/problem-text.ts'
import { STATUS, type Status, statusOf } from './status.ts'

/** What stands for the listening socket, and what it does. While the server shuts down, there is none. */
export function describeListening({ state }: Pick<Listener, 'state'>): { title: string; detail: string } {
  const text = messages.picture
  if (state === 'stopping') return { title: text.noListening, detail: text.portClosed }
  return { title: text.listening, detail: state === 'accepting' ? text.carries : text.notAccepting }
}

/** The socket's activity in words; empty for a socket that is simply open. */
export function wordsOf(row: Row, status: Status, now: number): string {
  if (row.problem !== null) return problemText(row.problem)
  switch (status) {
    case STATUS.half:
      return describeState(row)
    case STATUS.stopped:
      return messages.picture.readingStopped
    case STATUS.timeWait:
      return messages.picture.timeWait(timeLeft(row, now))
    case STATUS.closing:
      return row.kernel?.tcpState ?? ''
    default:
      return row.close !== null || finSent(row) ? describeState(row) : ''
  }
}

function timeLeft(row: Row, now: number): string {
  const timer = row.kernel?.timer
  return timer?.name === 'timewait' ? formatDuration(timer.endsAt - now) : ''
}

/** The text for the tooltip and for screen readers. */
export function describeSocket(row: Row, now: number): { tuple: string; facts: string } {
  const remote = row.remoteText || messages.picture.unknownClient
  const facts = [`#${row.id}`]
  if (row.fd !== null) facts.push(messages.picture.descriptor(String(row.fd)))
  if (row.kernel && row.kernel.inode !== 0) facts.push(messages.picture.inode(String(row.kernel.inode)))
  facts.push(wordsOf(row, statusOf(row), now) || describeState(row))
  if (row.problem !== null) facts.push(formatDuration(Math.max(0, now - row.problem.since)))
  return { tuple: `${remote} → ${formatEndpoint(row.local)}`, facts: facts.join(' · ') }
}

/** The largest font size between these limits at which the text fits. */
export function fittingFont(
  context: CanvasRenderingContext2D,
  text: string,
  { width, most, least, font }: { width: number; most: number; least: number; font: (size: number) => string },
): string {
  let size = most
  for (let wide = widthAt(most); wide > width && size > least; wide = widthAt(size)) {
    // Small letters are wider in proportion, so one step may not be enough.
    size = Math.max(least, Math.min(size - 0.1, Math.floor(((size * width) / wide) * 10) / 10))
  }
  return font(size)

  function widthAt(size: number): number {
    context.font = font(size)
    return context.measureText(text).width
  }
}

/** Keeps the end of the text that fits: addresses and ports differ there. */
export function fitted(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let from = 1
  while (from < text.length && context.measureText(`…${text.slice(from)}`).width > width) from++
  return `…${text.slice(from)}`
}

/** Keeps the beginning of the text that fits. */
export function fittedStart(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text
  let to = text.length - 1
  while (to > 0 && context.measureText(`${text.slice(0, to)}…`).width > width) to--
  return `${text.slice(0, to)}…`
}
