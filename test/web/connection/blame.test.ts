import { expect, test } from 'vitest'
import type { ProblemCode } from '../../../shared/diagnosis.ts'
import { blamedEnd } from '../../../web/connection/blame.ts'

const blamed = (code: ProblemCode) => blamedEnd({ code, severity: 'warning', since: 0, evidence: {} })

test.each(['peer-not-reading', 'vanished', 'tls-to-plain', 'unfinished-request'] as const)(
  '%s points to the client',
  (code) => expect(blamed(code)).toBe('client'),
)

test.each(['waiting', 'not-closed', 'unread'] as const)('%s points to the server program', (code) =>
  expect(blamed(code)).toBe('server'),
)

test('lost packets point to no end, and neither does a healthy connection', () => {
  expect([blamed('retransmitting'), blamedEnd(null)]).toEqual([null, null])
})
