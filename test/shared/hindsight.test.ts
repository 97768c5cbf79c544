import { expect, test } from 'vitest'
import type { Close, CloseEvidence, Connection } from '../../shared/connection.ts'
import { pastProblems } from '../../shared/hindsight.ts'
import { closed, connection, NOW } from '../web/live/rows.ts'

const END = NOW + 60_000

function told(fields: Partial<CloseEvidence>): CloseEvidence {
  const counts = { bytesReceived: 0, bytesAcked: 0, unread: 0, unsent: 0, retransmits: 0 }
  const times = { rttMs: 0.1, busyMs: 0, windowLimitedMs: 0, bufferLimitedMs: 0 }
  return { source: 'both', certain: true, ...counts, ...times, ...fields }
}

const past = (fields: Partial<Connection>, close: Partial<Close> = {}) =>
  pastProblems({ ...closed(1, END, close), lastActivityAt: NOW, ...fields }).map(({ code, ms }) =>
    ms === null ? code : `${code} ${ms}`,
  )

test('the server’s close long after the client’s FIN is in the record, by whichever call it came', () => {
  expect(past({ halfClosedAt: NOW })).toEqual(['not-closed 60000'])
  expect(past({ halfClosedAt: NOW, finSentAt: END - 10, lastActivityAt: END - 10 })).toEqual(['not-closed 59990'])
  expect(past({ halfClosedAt: NOW }, { how: 'reset', reset: 'server' })).toEqual(['not-closed 60000'])
})

test('a server that closes soon after the client’s FIN, or first, or when no FIN came, is not late', () => {
  expect(past({ halfClosedAt: END - 1_999, lastActivityAt: END - 1_999 })).toEqual([])
  expect(past({ halfClosedAt: END - 10, finSentAt: NOW })).toEqual([])
  expect(past({})).toEqual([])
})

test('a server that still sends after the client’s FIN, or whose bytes wait, is not late', () => {
  expect(past({ halfClosedAt: NOW, lastActivityAt: END - 100 })).toEqual([])
  expect(
    past({ halfClosedAt: NOW, finSentAt: END, lastActivityAt: END }, { evidence: told({ busyMs: 59_000 }) }),
  ).toEqual([])
  expect(past({ halfClosedAt: NOW, bytesWaiting: 5 })).toEqual([])
  expect(past({ halfClosedAt: NOW }, { evidence: told({ unsent: 5 }) })).toEqual([])
  expect(past({ halfClosedAt: NOW }, { beforeReset: { unread: 0, unsent: 5 } })).toEqual([])
})

test('a window that held bytes back is a problem of the record only if some never got through', () => {
  expect(past({}, { evidence: told({ windowLimitedMs: 5_000, unsent: 9 }) })).toEqual(['peer-not-reading 5000'])
  expect(past({ bytesWaiting: 9 }, { evidence: told({ windowLimitedMs: 5_000 }) })).toEqual(['peer-not-reading 5000'])
  expect(past({}, { evidence: told({ windowLimitedMs: 5_000 }) })).toEqual([])
  expect(past({}, { evidence: told({ windowLimitedMs: 999, unsent: 9 }) })).toEqual([])
  expect(past({ bytesWaiting: 9 })).toEqual([])
})

test('a timeout of the kernel is blamed on retransmits only where it counted some, and bytes were left', () => {
  const timedOut = { by: 'system', how: 'timeout', code: 'ETIMEDOUT' } as const
  expect(past({}, { ...timedOut, evidence: told({ unsent: 9, retransmits: 7 }) })).toEqual(['retransmitting'])
  expect(past({}, { ...timedOut, evidence: told({ retransmits: 7 }) })).toEqual(['vanished'])
  expect(past({}, timedOut)).toEqual(['vanished'])
  expect(past({}, { by: 'server', how: 'timeout' })).toEqual([])
})

test('a client that spoke TLS, or never finished its request, is remembered', () => {
  expect(past({ protocol: { name: 'TLS', serverName: null } })).toEqual(['tls-to-plain'])
  expect(past({ protocol: { name: 'HTTP', serverName: null, unfinished: true } })).toEqual(['unfinished-request'])
  expect(past({ protocol: { name: 'HTTP', serverName: null } })).toEqual([])
})

test('a live connection has no past problems', () => {
  expect(pastProblems(connection(1, { halfClosedAt: NOW - 60_000, state: 'half-closed' }))).toEqual([])
})
