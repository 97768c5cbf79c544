import type { Connection } from '../../shared/connection.ts'
import type { KernelTimer } from '../../shared/kernel.ts'
import { formatBytes, formatCount, formatDuration, formatPreciseTime, formatRoundTrip } from '../text/format.ts'
import { messages } from '../text/messages.ts'
import type { Field } from './record.ts'

type NotSampled = Pick<Connection, 'close' | 'forgottenAt' | 'sampledStates'>

/** The kernel's facts of one socket, in words; unknown facts are left out. @param now the server's clock */
export function kernelFields(kernel: NonNullable<Connection['kernel']>, now: number): Field[] {
  const text = messages.connection.kernel
  const { fields: label, queued } = text
  const { inode, recvQueue, sendQueue, rttMs, retransmits, congestionWindow, sendWindow, timer } = kernel
  const fields: Field[] = [
    [label.tcpState, kernel.tcpState],
    [label.inode, inode === 0 ? text.noInode : String(inode)],
    [label.recvQueue, recvQueue === 0 ? text.empty : queued.recv(formatBytes(recvQueue))],
    [label.sendQueue, sendQueue === 0 ? text.empty : queued.send(formatBytes(sendQueue))],
  ]
  const count = (value: number) => text.segments(value, formatCount(value))
  if (rttMs !== null) fields.push([label.rttMs, formatRoundTrip(rttMs)])
  if (retransmits !== null) fields.push([label.retransmits, count(retransmits)])
  if (congestionWindow !== null) fields.push([label.congestionWindow, count(congestionWindow)])
  if (sendWindow !== null) {
    fields.push([label.sendWindow, sendWindow === 0 ? text.windowClosed : text.window(formatBytes(sendWindow))])
  }
  fields.push(
    [label.timer, timer === null ? text.noTimer : timerText(timer, now)],
    [label.sampledAt, formatPreciseTime(kernel.sampledAt)],
  )
  return fields
}

/** Why there are no facts, where samples are taken. */
export function noFacts({ close, forgottenAt, sampledStates }: NotSampled): string {
  const { gone, noData } = messages.connection.kernel
  if (close === null && sampledStates.length === 0) return messages.live.notSampled
  return close !== null && forgottenAt !== undefined ? gone : noData
}

function timerText({ name, endsAt }: KernelTimer, now: number): string {
  const text = messages.connection.kernel
  // An expired timer has been set again; the next sample has its new end.
  return endsAt - now < 1000 ? text.timers[name] : text.timerAt(text.timers[name], formatDuration(endsAt - now))
}
