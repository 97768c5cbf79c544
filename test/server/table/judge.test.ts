import { expect, test } from 'vitest'
import type { Final } from '../../../server/kernel/final.ts'
import { type Account, judge } from '../../../server/table/judge.ts'
import type { Close, Progress } from '../../../shared/connection.ts'
import { NO_PROGRESS } from '../../../shared/record.ts'

const LOCAL = { address: '127.0.0.1', port: 8080 }
const REMOTE = { address: '127.0.0.1', port: 50_000 }
const FIN: Close = { at: 9, by: 'peer', how: 'fin', reset: null, code: null, evidence: null }

/** Of a connection that has sent 100 bytes, all of which were acknowledged. */
function final(fields: Partial<Final> = {}): Final {
  const counts = { unread: 0, unsent: 0, acked: 100, sent: 100, received: 0, retransmits: 0, unanswered: false }
  const times = { rttMs: 0.1, busyMs: 0, windowLimitedMs: 0, bufferLimitedMs: 0 }
  return { cookie: 1, local: LOCAL, remote: REMOTE, ...counts, ...times, ...fields }
}

function account(
  close: Partial<Close>,
  progress: Partial<Progress> = {},
  lastState: Account['lastState'] = null,
): Account {
  return { close: { ...FIN, ...close }, progress: { ...NO_PROGRESS, bytesOut: 100, ...progress }, lastState }
}

test('unsent bytes are those that the client has not acknowledged, whether our FIN is among them or not', () => {
  const half = { halfClosedAt: 5 }
  const reset = { reset: 'peer', code: 'EPIPE' } as const
  const unsent = (counts: Partial<Final>) => judge(account(reset, half), final(counts), null).evidence?.unsent
  expect(unsent({ acked: 90, sent: 90, unsent: 10, received: 1 })).toBe(10)
  expect(unsent({ acked: 90, sent: 100, unsent: 11, received: 1 })).toBe(10)
})

test('keepalive ends with RST of our kernel, unanswered data without one', () => {
  const timedOut = account({ by: 'system', how: 'timeout', code: 'ETIMEDOUT' })
  const said = (counts: Partial<Final>) => judge(timedOut, final({ unanswered: true, ...counts }), null)
  expect(said({})).toMatchObject({ by: 'system', how: 'timeout', reset: 'server', evidence: { certain: true } })
  expect(said({ acked: 90, unsent: 10 })).toMatchObject({ by: 'system', how: 'timeout', reset: null })
})

test.for<
  [
    title: string,
    counts: Partial<Final>,
    known: [progress: Partial<Progress>, state: Account['lastState']],
    said: object,
  ]
>([
  [
    'nothing was unread',
    { acked: 101 },
    [{}, 'TIME_WAIT'],
    { by: 'system', how: 'error', reset: null, evidence: { certain: true } },
  ],
  [
    'data was unread: RST of our kernel or of the client',
    { unread: 9, received: 9 },
    [{}, 'ESTABLISHED'],
    { by: 'system', reset: null, evidence: { certain: false } },
  ],
  [
    'the client had sent RST',
    {},
    [{}, 'ESTABLISHED'],
    { by: 'peer', how: 'reset', reset: 'peer', evidence: { certain: true } },
  ],
  [
    'the client had sent FIN, which a sample has found',
    { acked: 101, received: 1 },
    [{}, 'CLOSE_WAIT'],
    { by: 'peer', how: 'fin', reset: null, evidence: { certain: true } },
  ],
  [
    'the client had sent FIN, which was read',
    { acked: 101, received: 1 },
    [{ halfClosedAt: 5 }, null],
    { by: 'peer', how: 'fin', reset: null, evidence: { certain: true, bytesReceived: 0 } },
  ],
  [
    'the FIN of the client is no data',
    { acked: 101, received: 1, unread: 1 },
    [{}, 'ESTABLISHED'],
    { by: 'system', evidence: { certain: false, unread: 0, bytesReceived: 0 } },
  ],
])('when the listener process has died and %s', ([, counts, [progress, state], said]) => {
  const died = account({ by: 'system', how: 'error', code: 'LISTENER_DIED' }, progress, state)
  const timeWait = state === 'TIME_WAIT' ? 'server' : null
  expect(judge(died, final(counts), timeWait)).toMatchObject({ code: 'LISTENER_DIED', ...said })
})
