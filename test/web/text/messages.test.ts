import { describe, expect, test } from 'vitest'
import type { Close } from '../../../shared/connection.ts'
import { describeClose, describeState, explainState, messages } from '../../../web/text/messages.ts'

test.each([
  [0, 'connected sockets'],
  [1, 'connected socket'],
  [2, 'connected sockets'],
  [101, 'connected sockets'],
])('%d %s', (count, text) => {
  expect(messages.app.sentence.connected(count)).toBe(text)
})

test('the title counts the live connections, and does not where it cannot know', () => {
  expect(messages.app.title('37', 8080)).toBe('(37) oneport :8080')
  expect(messages.app.title(null, 8080)).toBe('oneport :8080')
  expect(messages.app.title(null, null)).toBe('oneport')
  expect(messages.app.title('37', 8080, true)).toBe('⚠ (37) oneport :8080')
})

describe('how a connection ended, and who ended it', () => {
  const cases: [Omit<Close, 'at'>, string][] = [
    [{ by: 'peer', how: 'fin', reset: null, code: null, evidence: null }, 'Closed by client · FIN'],
    [{ by: 'server', how: 'fin', reset: null, code: null, evidence: null }, 'Closed by server · FIN'],
    [{ by: 'peer', how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null }, 'Reset by client · RST'],
    [{ by: 'server', how: 'reset', reset: 'server', code: null, evidence: null }, 'Reset by server · RST'],
    [
      { by: 'peer', how: 'fin', reset: 'server', code: null, evidence: null },
      'Closed by client · FIN · then RST by server',
    ],
    [
      { by: 'server', how: 'fin', reset: 'peer', code: 'ECONNRESET', evidence: null },
      'Closed by server · FIN · then RST by client',
    ],
    [{ by: 'server', how: 'timeout', reset: null, code: null, evidence: null }, 'Idle timeout'],
    [{ by: 'system', how: 'timeout', reset: null, code: 'ETIMEDOUT', evidence: null }, 'Timed out'],
    [{ by: 'system', how: 'error', reset: null, code: 'LISTENER_DIED', evidence: null }, 'Listener process died'],
    [{ by: 'system', how: 'error', reset: null, code: 'EHOSTUNREACH', evidence: null }, 'Error · EHOSTUNREACH'],
  ]
  test.each(cases)('%j', (close, text) => {
    expect(describeClose({ at: 0, ...close })).toBe(text)
  })
})

test('the state of a live connection says what was done to it by hand', () => {
  const live = { state: 'open', close: null, finSentAt: null, readingPaused: false } as const
  expect(describeState(live)).toBe('Open')
  expect(describeState({ ...live, finSentAt: 5, readingPaused: true })).toBe(
    'Open · server not reading · FIN from server',
  )
  const close: Close = { at: 9, by: 'server', how: 'fin', reset: null, code: null, evidence: null }
  expect(describeState({ ...live, state: 'closed', finSentAt: 5, close })).toBe('Closed by server · FIN')
})

test.each([
  ['open', null, /^Both directions are open \(ESTABLISHED\)$/],
  ['half-closed', null, /^The client has sent FIN .* The server can still send/],
  ['open', 5, /^The server has sent FIN .* The client can still send/],
  ['half-closed', 5, /^Both sides have sent FIN/],
  ['closed', 5, /^The connection has closed$/],
] as const)(
  'state %s with the server’s FIN at %s is explained by the directions that are closed',
  (state, finSentAt, text) => {
    expect(explainState({ state, finSentAt })).toMatch(text)
  },
)
