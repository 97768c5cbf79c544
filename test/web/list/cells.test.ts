import { expect, test } from 'vitest'
import type { ProblemEvidence } from '../../../shared/diagnosis.ts'
import { hasPassed, queueText, stateTexts, timeTexts, waitingTexts } from '../../../web/list/cells.ts'
import { Row } from '../../../web/live/row.ts'
import { formatByteRate, formatBytes, formatDateTime } from '../../../web/text/format.ts'
import { messages } from '../../../web/text/messages.ts'
import { closed, connection, facts, NOW, row } from '../live/rows.ts'

test('an empty queue is a plain zero, and an unknown one nothing', () => {
  expect([undefined, 0, 5].map(queueText)).toEqual(['', '0', formatBytes(5)])
})

test.for([
  [row(1), 'Open', ''],
  [row(1, { state: 'half-closed', finSentAt: NOW }), 'Half-closed', '· FIN from server'],
  [new Row(closed(1, NOW)), 'Closed by client', '· FIN'],
  [new Row(closed(1, NOW, { reset: 'server' })), 'Closed by client', '· FIN · then RST by server'],
] as const)('a state without room for all of its words keeps the first: %#', ([socket, word, then]) => {
  const texts = stateTexts(socket)
  expect(texts).toMatchObject({ word, then })
  expect(texts.title).toContain(then === '' ? `${word}. ` : `${word} ${then}. `)
})

test('the action on an open connection replaces the word Open, and the title has both', () => {
  expect(stateTexts(row(1, { readingPaused: true }))).toMatchObject({
    word: 'Server not reading',
    then: '',
    title: expect.stringMatching(/^Open · server not reading\. /),
  })
  expect(stateTexts(row(1, { finSentAt: NOW, readingPaused: true }))).toMatchObject({
    word: 'Server not reading',
    then: '· FIN from server',
  })
})

test('a connection that was open for milliseconds says so once it has closed', () => {
  const short = new Row({ ...closed(1, NOW + 376), openedAt: NOW })
  expect(timeTexts(short, NOW + 60_000, false)).toMatchObject({ age: '376ms', idle: '' })
  expect(timeTexts(new Row(connection(1, { openedAt: NOW })), NOW + 376, false).age).toBe('0s')
})

test('a problem has the time since when', () => {
  const problem = { code: 'peer-not-reading', severity: 'warning', since: NOW, evidence: {} } as const
  expect(timeTexts(row(1, { problem }), NOW + 65_000, false).since).toBe('1m')
  expect(timeTexts(row(1), NOW + 65_000, false).since).toBe('')
})

test('a rate is of the present, so there is none while the link is lost', () => {
  const busy = row(1)
  busy.update(NOW + 1, { ...busy, bytesIn: 20_000 })
  expect(timeTexts(busy, NOW + 1, false).rate).toBe(formatByteRate(10_000))
  expect(timeTexts(busy, NOW + 1, true).rate).toBe('')
})

test('a problem has what waits in the queue that it is about', () => {
  const about = (evidence: ProblemEvidence) =>
    ({ code: 'not-closed', severity: 'warning', since: NOW, evidence }) as const
  const both = facts({ recvQueue: 1, sendQueue: 9 })
  const { toRead, toSend } = messages.list
  expect(waitingTexts(about({ recvQueue: 5 }), both)).toEqual({ bytes: formatBytes(1), what: toRead })
  expect(waitingTexts(about({ sendQueue: 5 }), both)).toEqual({ bytes: formatBytes(9), what: toSend })
  expect(waitingTexts(about({}), facts({ recvQueue: 3 }))).toEqual({ bytes: formatBytes(3), what: toRead })
  const nothing = [waitingTexts(about({}), facts()), waitingTexts(about({}), null), waitingTexts(null, both)]
  expect(nothing).toEqual([null, null, null])
})

test('the state of a closed connection says when it closed', () => {
  expect(stateTexts(new Row(closed(1, NOW))).title).toContain(formatDateTime(NOW))
  expect(stateTexts(row(1)).title).not.toContain(formatDateTime(NOW))
})

test('a problem that only an earlier sample showed has passed', () => {
  const problem = { code: 'unread', severity: 'warning', since: NOW, evidence: { recvQueue: 5 } } as const
  expect(hasPassed(row(1, { problem, kernel: facts({ recvQueue: 5 }) }))).toBe(false)
  expect(hasPassed(row(1, { problem, kernel: facts({ recvQueue: 0 }) }))).toBe(true)
  // Unknown is not over.
  expect(hasPassed(row(1, { problem, kernel: null }))).toBe(false)
  expect(hasPassed(row(1, { kernel: facts() }))).toBe(false)
})
