import { describe, expect, test } from 'vitest'
import type { Close } from '../../../shared/connection.ts'
import { timeIn, timeline } from '../../../web/connection/timeline.ts'
import type { Row } from '../../../web/live/row.ts'
import { EVIDENCE, facts, lose, NOW, row, sample } from '../live/rows.ts'

const states = (one: Row) => timeline(one).map(({ state, seen }) => (seen ? state : `(${state})`))
const open = () => row(1, { openedAt: NOW, kernel: facts({ sampledAt: NOW + 100 }) })

test('a live connection: the handshake is inferred, ESTABLISHED was seen and is current', () => {
  expect(states(open())).toEqual(['(SYN_RECV)', 'ESTABLISHED'])
  expect(timeline(open()).at(-1)).toMatchObject({ from: NOW, to: null, now: true })
})

test('one that the kernel was not asked about yet is all inferred', () => {
  expect(states(row(1))).toEqual(['(SYN_RECV)', '(ESTABLISHED)'])
})

test('what samples found stays found after the close, also on a page that is opened later', () => {
  const close = { at: NOW + 900, by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
  const watched = open()
  watched.halfClosedAt = NOW + 500
  sample(watched, facts({ tcpState: 'CLOSE_WAIT', sampledAt: NOW + 600 }), NOW + 600)
  watched.end(close)
  sample(watched, null, NOW + 1000)
  const path = ['(SYN_RECV)', 'ESTABLISHED', 'CLOSE_WAIT', '(LAST_ACK)', 'CLOSED']
  expect(states(watched)).toEqual(path)
  const { sampledStates, forgottenAt } = watched
  const past = { openedAt: NOW, halfClosedAt: NOW + 500, state: 'closed', close } as const
  expect(states(row(1, { ...past, sampledStates, forgottenAt }))).toEqual(path)
})

describe('when the kernel can’t be sampled any more', () => {
  const FIN = { at: NOW + 500, by: 'server', how: 'fin', reset: null, code: null, evidence: null } as const

  test('nobody knows whether TIME_WAIT is over: it is neither current nor followed by CLOSED', () => {
    const one = open()
    one.end(FIN)
    sample(one, facts({ tcpState: 'TIME_WAIT', inode: 0, sampledAt: NOW + 700 }), NOW + 700)
    lose(one)
    expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(FIN_WAIT_1)', '(FIN_WAIT_2)', 'TIME_WAIT'])
    const last = timeline(one).at(-1)
    expect(last).toMatchObject({ to: null, now: false })
    expect(last && timeIn(last, undefined, NOW + 9_000)).toBeNull()
  })

  test('what no sample found is inferred up to where the socket may still be', () => {
    const never = row(1, { openedAt: NOW })
    never.end(FIN)
    const active = ['(SYN_RECV)', '(ESTABLISHED)', '(FIN_WAIT_1)', '(FIN_WAIT_2)', '(TIME_WAIT)']
    expect(states(never)).toEqual(active)
    expect(timeline(never).at(-1)).toMatchObject({ now: false })
    const waiting = row(1, { openedAt: NOW })
    waiting.end({ ...FIN, by: 'peer' })
    expect(states(waiting)).toEqual(['(SYN_RECV)', '(ESTABLISHED)', '(CLOSE_WAIT)', '(LAST_ACK)'])
  })

  test('FIN_WAIT_2 leads on only if the client’s FIN has come', () => {
    const one = open()
    one.finSentAt = NOW + 100
    sample(one, facts({ tcpState: 'FIN_WAIT_2', sampledAt: NOW + 200 }), NOW + 200)
    one.end(FIN)
    lose(one)
    expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(FIN_WAIT_1)', 'FIN_WAIT_2'])
    one.halfClosedAt = NOW + 400
    expect(states(one).at(-1)).toBe('(TIME_WAIT)')
  })

  test('CLOSED is inferred where no socket is left: after RST, and when the kernel has told of the end after the client’s FIN', () => {
    const last = (close: Close) => {
      const one = open()
      one.end(close)
      lose(one)
      return timeline(one).at(-1)
    }
    const inferred = { state: 'CLOSED', seen: false, sampled: false }
    expect(last({ ...FIN, by: 'peer', how: 'reset', reset: 'peer' })).toMatchObject({ ...inferred, from: NOW + 500 })
    // RST, or the last ACK, came some time after the FIN.
    expect(last({ ...FIN, reset: 'peer' })).toMatchObject({ ...inferred, from: null })
    expect(last({ ...FIN, by: 'peer', evidence: EVIDENCE })).toMatchObject({ ...inferred, from: null })
    expect(last({ ...FIN, by: 'peer' })).toMatchObject({ state: 'LAST_ACK', now: false })
  })
})

test('the client closes first and we at once: CLOSE_WAIT and LAST_ACK lasted less than a sample', () => {
  const one = open()
  one.halfClosedAt = NOW + 500
  one.end({ at: NOW + 501, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  sample(one, null, NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(CLOSE_WAIT)', '(LAST_ACK)', 'CLOSED'])
  expect(timeline(one).at(-1)).toMatchObject({ from: NOW + 700, now: false })
})

test('a half-close that lasts is seen, and begins when the FIN came', () => {
  const one = open()
  one.halfClosedAt = NOW + 500
  sample(one, facts({ tcpState: 'CLOSE_WAIT', sampledAt: NOW + 600 }), NOW + 600)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', 'CLOSE_WAIT'])
  expect(timeline(one).at(-1)).toMatchObject({ from: NOW + 500, now: true })
  expect(timeline(one).at(-2)).toMatchObject({ to: NOW + 500 })
})

test('the server closes first: FIN_WAIT is inferred, TIME_WAIT was seen and is current', () => {
  const one = open()
  one.end({ at: NOW + 500, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  sample(one, facts({ tcpState: 'TIME_WAIT', inode: 0, sampledAt: NOW + 700 }), NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(FIN_WAIT_1)', '(FIN_WAIT_2)', 'TIME_WAIT'])
  expect(timeline(one).at(-1)).toMatchObject({ from: NOW + 700, now: true })
})

test('a close that may be of either side follows the record, although the client’s FIN was read first', () => {
  const one = open()
  one.halfClosedAt = NOW + 499
  one.end({ at: NOW + 500, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  sample(one, null, NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(FIN_WAIT_1)', '(FIN_WAIT_2)', 'CLOSED'])
})

test('a client that does not close keeps us in FIN_WAIT_2', () => {
  const one = open()
  one.end({ at: NOW + 500, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  sample(one, facts({ tcpState: 'FIN_WAIT_2', inode: 0, sampledAt: NOW + 700 }), NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(FIN_WAIT_1)', 'FIN_WAIT_2'])
})

test('a reset ends it at once', () => {
  const one = open()
  one.end({ at: NOW + 500, by: 'peer', how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null })
  sample(one, null, NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', 'CLOSED'])
})

test('RST after FIN leaves no TIME_WAIT', () => {
  const one = open()
  one.end({ at: NOW + 500, by: 'server', how: 'fin', reset: 'server', code: null, evidence: null })
  sample(one, null, NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', 'CLOSED'])
})

test('FIN_WAIT_2 follows FIN_WAIT_1, even if a sample found it before the server noted its FIN', () => {
  const one = open()
  sample(one, facts({ tcpState: 'FIN_WAIT_2', sampledAt: NOW + 498 }), NOW + 498)
  one.finSentAt = NOW + 499
  one.end({ at: NOW + 500, by: 'server', how: 'fin', reset: 'server', code: null, evidence: null })
  sample(one, null, NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(FIN_WAIT_1)', 'FIN_WAIT_2', 'CLOSED'])
})

test('a FIN of the client that was not read before its RST leads through CLOSE_WAIT', () => {
  const one = open()
  one.end({ at: NOW + 500, by: 'peer', how: 'fin', reset: 'peer', code: 'EPIPE', evidence: null })
  sample(one, null, NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(CLOSE_WAIT)', 'CLOSED'])
})

test('a FIN of the client that was never read still came first', () => {
  const one = open()
  one.finSentAt = NOW + 499
  one.end({ at: NOW + 500, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  sample(one, null, NOW + 700)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(CLOSE_WAIT)', '(LAST_ACK)', 'CLOSED'])
})

test('an unusual state appears at the time it was seen', () => {
  const one = open()
  one.end({ at: NOW + 500, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  sample(one, facts({ tcpState: 'CLOSING', inode: 0, sampledAt: NOW + 600 }), NOW + 600)
  sample(one, facts({ tcpState: 'TIME_WAIT', inode: 0, sampledAt: NOW + 900 }), NOW + 900)
  expect(states(one).filter((state) => !state.startsWith('('))).toEqual(['ESTABLISHED', 'CLOSING', 'TIME_WAIT'])
})

test('the server half-closes: FIN_WAIT starts with its FIN and lasts until the client closes', () => {
  const one = open()
  one.finSentAt = NOW + 500
  sample(one, facts({ tcpState: 'FIN_WAIT_2', sampledAt: NOW + 600 }), NOW + 600)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(FIN_WAIT_1)', 'FIN_WAIT_2'])
  expect(timeline(one).at(-2)).toMatchObject({ from: NOW + 500 })
  expect(timeline(one).at(-1)).toMatchObject({ now: true })

  one.halfClosedAt = NOW + 900
  one.end({ at: NOW + 901, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  sample(one, facts({ tcpState: 'TIME_WAIT', inode: 0, sampledAt: NOW + 950 }), NOW + 950)
  expect(states(one)).toEqual(['(SYN_RECV)', 'ESTABLISHED', '(FIN_WAIT_1)', 'FIN_WAIT_2', 'TIME_WAIT'])
})

test('the time between two samples is not shown as time in a state', () => {
  const times = (one: Row, now: number) => {
    const phases = timeline(one)
    return phases.map((phase, i) => {
      const time = timeIn(phase, phases[i + 1], now)
      return time && `${phase.state} ${time.precision} ${time.ms}`
    })
  }
  const one = open()
  expect(times(one, NOW + 300).at(-1)).toBe('ESTABLISHED exact 300')
  // The server knows when it sent FIN. A sample finds FIN_WAIT_2 a second later.
  one.finSentAt = NOW + 500
  sample(one, facts({ tcpState: 'FIN_WAIT_2', sampledAt: NOW + 1_500 }), NOW + 1_500)
  expect(times(one, NOW + 2_500).slice(1)).toEqual([
    'ESTABLISHED exact 500',
    'FIN_WAIT_1 at-most 1000',
    'FIN_WAIT_2 at-least 1000',
  ])
  one.end({ at: NOW + 2_600, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  sample(one, facts({ tcpState: 'TIME_WAIT', inode: 0, sampledAt: NOW + 2_700 }), NOW + 2_700)
  expect(times(one, NOW + 3_000).slice(3)).toEqual(['FIN_WAIT_2 about 1200', 'TIME_WAIT at-least 300'])
  sample(one, null, NOW + 62_000)
  expect(times(one, NOW + 63_000).slice(4)).toEqual(['TIME_WAIT about 59300', null])
})
