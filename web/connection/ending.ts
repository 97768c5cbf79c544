import type { Action } from '../../shared/action.ts'
import type { Close } from '../../shared/connection.ts'
import { readingStopped } from '../../shared/record.ts'
import { untaken } from '../../shared/untaken.ts'
import { CLOSE_ACTIONS } from '../../shared/vocabulary.ts'
import type { Row } from '../live/row.ts'
import { formatBytes, formatCount } from '../text/format.ts'
import { describeClose, messages } from '../text/messages.ts'

/** How a connection ended, in words: who began it and at whose wish, whether the kernel confirms it, and what was lost. */
export function endingWords(row: Row, close: Close): string[] {
  const text = messages.connection.ending
  const { actions } = row
  const neverSent = untaken(row).bytes
  const words = [describeClose(close)]
  const ours = close.by === 'server' || close.reset === 'server'
  if (ours && actions.some(({ kind, code }) => code === null && isCloseAction(kind))) words.push(text.byHand)
  if (readingStopped(row)) words.push(text.readingStopped)
  const { evidence, reset, beforeReset, finPossible } = close
  if (finPossible) words.push(text.finPossible)
  const unsentWords = neverSent > 0 ? [text.neverSent(formatBytes(neverSent))] : []
  if (evidence === null && beforeReset !== undefined) {
    const { unread, unsent } = beforeReset
    return [...words, text.afterReset, text.beforeReset(formatBytes(unread), formatBytes(unsent)), ...unsentWords]
  }
  if (evidence === null) return [...words, text.alone, ...unsentWords]
  const { certain, source, unread, unsent, retransmits } = evidence
  words.push(certain ? text.kernel[source] : text.kernel.oneOfTwo)
  if (unread > 0) words.push((reset === 'server' ? text.unreadReset : text.unread)(formatBytes(unread)))
  if (unsent > 0) words.push(text.unsent(formatBytes(unsent)))
  if (retransmits > 0) words.push(messages.connection.evidence.retransmits(retransmits, formatCount(retransmits)))
  return [...words, ...unsentWords]
}

function isCloseAction(kind: Action['kind']): boolean {
  return CLOSE_ACTIONS.some((action) => action === kind)
}
