import { expect, test } from 'vitest'
import type { Close, CloseEvidence, Connection } from '../../../shared/connection.ts'
import { untaken } from '../../../shared/untaken.ts'
import { diagnose } from '../../../web/connection/diagnosis.ts'
import { recordFields } from '../../../web/connection/record.ts'
import type { Row } from '../../../web/live/row.ts'
import { eventsOf } from '../../../web/stream/events.ts'
import { wordsOf } from '../../../web/stream/event-words.ts'
import { transcript } from '../../../web/stream/transcript.ts'
import { untakenNotice, untakenOf, untakenWords } from '../../../web/stream/untaken.ts'
import { facts, NOW, row } from '../live/rows.ts'
import { followed, Sender } from './frames.ts'

const BY_HAND: Close = { at: NOW + 9, by: 'server', how: 'reset', reset: 'server', code: null, evidence: null }
const plain = (text: string) => text.replaceAll(/\s+/g, ' ')

/** The kernel has taken 4 of 7 MB. */
function full(fields: Partial<Connection> = {}): Row {
  return row(1, { bytesOut: 4_000_000, bytesWaiting: 3_000_000, ...fields })
}

function fieldsOf(one: Row): Record<string, string> {
  return Object.fromEntries(recordFields(one, NOW + 10).map(([label, value]) => [label, plain(value)]))
}

function closeWords(one: Row): string {
  const close = eventsOf(one).find(({ kind }) => kind === 'close')
  return close === undefined ? '' : plain(wordsOf(close, null).detail)
}

test('of the server’s bytes, those that the kernel has not taken are marked, and no others', () => {
  const live = untakenOf(full())
  const words = (direction: 'in' | 'out', offset: number, end: number) => untakenWords({ direction, offset, end }, live)
  expect(words('out', 3_999_000, 4_000_000)).toBeNull()
  expect(words('out', 3_999_000, 4_000_001)).toBe('not sent yet')
  expect(words('out', 6_999_999, 7_000_000)).toBe('not sent yet')
  expect(words('in', 4_000_000, 4_000_001)).toBeNull()
  // Written after the record was.
  expect(words('out', 7_000_000, 7_000_001)).toBeNull()
  expect(untakenOf(row(1, { bytesOut: 4 }))).toBeNull()
  expect(live && plain(untakenNotice(live))).toMatch(/^The last 3 MB from the server are not sent yet/)
  const closed = untakenOf(full({ close: BY_HAND }))
  expect(closed && plain(untakenNotice(closed))).toMatch(/^The last 3 MB from the server were never sent/)
})

test('before an RST of the client the kernel may have taken more than the server knows, but not more than was written', () => {
  const counts = { bytesReceived: 0, unread: 0, retransmits: 0 }
  const times = { rttMs: 1, busyMs: 0, windowLimitedMs: 0, bufferLimitedMs: 0 }
  const told = (bytesAcked: number, unsent: number) => {
    const evidence: CloseEvidence = { source: 'both', certain: true, ...counts, ...times, bytesAcked, unsent }
    return untaken({ bytesOut: 10, bytesWaiting: 5, close: { ...BY_HAND, reset: 'peer', evidence } })
  }
  expect(told(8, 4)).toEqual({ from: 12, bytes: 3 })
  expect(told(3, 4)).toEqual({ from: 10, bytes: 5 })
  expect(told(90, 4)).toEqual({ from: 15, bytes: 0 })
})

test('bytes that wait in the server are named beside those that wait in the kernel, while they wait', () => {
  const kernel = facts({ sendQueue: 3_860_000, sendWindow: 0 })
  const [found] = diagnose(full({ kernel }), NOW + 10, 'silent')
  expect(found?.evidence.map(plain).slice(0, 2)).toEqual([
    '3.86 MB in the send queue',
    '3 MB more waiting in the server: the kernel hasn’t taken them',
  ])
  expect(fieldsOf(full({ kernel }))['Bytes out']).toMatch(/; 3 MB more waiting in the server/)
  expect(fieldsOf(row(1, { bytesOut: 4, kernel }))['Bytes out']).not.toMatch(/waiting/)
})

test('after an RST by hand the sample before it tells what was lost, and the server what it never sent', () => {
  const one = full({ close: { ...BY_HAND, beforeReset: { unread: 6, unsent: 3_870_000 } } })
  expect(closeWords(one)).toBe(
    '3 MB never sent · sampled before the RST: 6 B not read by the server, 3.87 MB not acknowledged by the client · from the server; the kernel keeps no data after this RST',
  )
  expect(diagnose(one, NOW + 10, 'echo')[0]?.evidence.map(plain)).toEqual([
    expect.any(String),
    'the server’s account alone: the kernel keeps no data after this RST',
    'sampled before the RST: 6 B not read by the server, 3.87 MB not acknowledged by the client',
    '3 MB never sent: the kernel hadn’t taken them',
  ])
  expect(fieldsOf(one)).toMatchObject({
    'Unread by server before RST': '6 B',
    'Unacknowledged by client before RST': '3.87 MB (3,870,000)',
    'Server never sent': '3 MB (3,000,000)',
  })
  expect(closeWords(row(1, { close: { ...BY_HAND, beforeReset: { unread: 0, unsent: 0 } } }))).toMatch(
    /^sampled before the RST: both queues empty/,
  )
  expect(closeWords(row(1, { close: BY_HAND }))).toBe('from the server; no kernel data')
})

test('a transcript says which chunks were never sent', () => {
  const sender = new Sender()
  const held = followed()
  held.apply(sender.frame(sender.chunk('out', 'sent', NOW), sender.chunk('out', 'lost', NOW + 1)))
  const lost = untakenOf(row(1, { bytesOut: 4, bytesWaiting: 4, close: BY_HAND }))
  const lines = plain(transcript(held, [], (event) => wordsOf(event, null), lost))
  expect(lines).toMatch(/← 4 B sent .*← 4 B · never sent lost/s)
})
