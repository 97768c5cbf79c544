import type { Close, CloseEvidence } from '../../shared/connection.ts'
import { formatEndpoint, isUnknownEndpoint } from '../../shared/endpoint.ts'
import { untaken } from '../../shared/untaken.ts'
import {
  formatByteRate,
  formatBytes,
  formatCount,
  formatDateTime,
  formatDuration,
  formatInterval,
  formatPreciseTime,
} from '../text/format.ts'
import { describeClose, messages } from '../text/messages.ts'
import type { Row } from '../live/row.ts'
import { protocolText } from '../live/socket-text.ts'

export type Field = [label: string, value: string]

/** Bytes with a unit, and the exact number where it adds something. */
function exactBytes(value: number): string {
  return value < 1000 ? formatBytes(value) : `${formatBytes(value)} (${formatCount(value)})`
}

/** Counted bytes, and what the newest sample found in the kernel's queue besides or of them. */
function withQueue(bytes: number, queue: number | undefined, words: (bytes: string) => string): string {
  return queue ? `${exactBytes(bytes)}; ${words(formatBytes(queue))}` : exactBytes(bytes)
}

/** What the kernel told of a closed connection; only counts that are not zero. */
function evidenceFields({ source, certain, unread, unsent, retransmits }: CloseEvidence): Field[] {
  const { evidence, fields: label } = messages.connection.record
  const fields: Field[] = [[label.evidence, certain ? evidence[source] : evidence.oneOfTwo]]
  if (unread > 0) fields.push([label.unread, exactBytes(unread)])
  if (unsent > 0) fields.push([label.unsent, exactBytes(unsent)])
  if (retransmits > 0) fields.push([label.retransmits, formatCount(retransmits)])
  return fields
}

/** What the kernel had before our RST, after which it keeps no counters. */
function beforeResetFields({ unread, unsent }: NonNullable<Close['beforeReset']>): Field[] {
  const { fields: label } = messages.connection.record
  return [
    [label.unreadBefore, exactBytes(unread)],
    [label.unsentBefore, exactBytes(unsent)],
  ]
}

/** What waits in the server's process, if anything does. */
export function waitingWords(row: Row): string[] {
  const { bytes } = untaken(row)
  return row.live && bytes > 0 ? [messages.connection.evidence.waiting(formatBytes(bytes))] : []
}

/** How long ago the client's FIN arrived, in words; null: it has not, or not by the server's account. */
export function finAge({ halfClosedAt }: Row, now: number): string | null {
  return halfClosedAt === null ? null : formatDuration(now - halfClosedAt)
}

/** Every field of a connection's record with a label. */
export function recordFields(row: Row, now: number): Field[] {
  const label = messages.connection.record.fields
  const { queued } = messages.connection.kernel
  const idle = row.idleMs(now)
  const fields: Field[] = [
    [label.id, String(row.id)],
    [label.state, messages.live.state[row.state]],
  ]
  if (row.close) {
    fields.push([label.ended, describeClose(row.close)], [label.closedAt, formatPreciseTime(row.close.at)])
    if (row.close.code !== null) fields.push([label.code, row.close.code])
    const { evidence, beforeReset } = row.close
    if (evidence !== null) fields.push(...evidenceFields(evidence))
    else if (beforeReset !== undefined) fields.push(...beforeResetFields(beforeReset))
    const neverSent = untaken(row).bytes
    if (neverSent > 0) fields.push([label.neverSent, exactBytes(neverSent)])
  }
  fields.push(
    [label.remote, isUnknownEndpoint(row.remote) ? messages.live.unknownRemote : formatEndpoint(row.remote)],
    [label.local, formatEndpoint(row.local)],
    [label.family, `IPv${row.family}`],
    [label.openedAt, formatDateTime(row.openedAt)],
    [label.age, row.live ? formatDuration(row.ageMs(now)) : formatInterval(row.ageMs(now))],
    [label.lastActivityAt, formatPreciseTime(row.lastActivityAt)],
  )
  if (idle !== null) fields.push([label.idle, formatDuration(idle)])
  if (row.halfClosedAt !== null) fields.push([label.halfClosedAt, formatPreciseTime(row.halfClosedAt)])
  if (row.finSentAt !== null) fields.push([label.finSentAt, formatPreciseTime(row.finSentAt)])
  if (row.readingPaused && row.live) fields.push([label.reading, messages.connection.record.readingPaused])
  if (row.protocol) fields.push([label.protocol, messages.connection.record.protocolGuess(protocolText(row.protocol))])
  fields.push(
    [label.bytesIn, withQueue(row.bytesIn, row.kernel?.recvQueue, queued.recv)],
    [label.bytesOut, [withQueue(row.bytesOut, row.kernel?.sendQueue, queued.send), ...waitingWords(row)].join('; ')],
    [label.chunksIn, formatCount(row.chunksIn)],
    [label.chunksOut, formatCount(row.chunksOut)],
  )
  if (row.live) fields.push([label.rate, formatByteRate(row.rate(now)) || messages.live.none])
  fields.push(
    [label.pid, String(row.pid)],
    [label.fd, row.fd === null ? messages.connection.record.fdClosed : String(row.fd)],
  )
  return fields
}
