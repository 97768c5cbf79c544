import { describe, expect, test } from 'vitest'
import type { Action } from '../../../shared/action.ts'
import type { CloseEvidence } from '../../../shared/connection.ts'
import { recordOf } from '../../../shared/record.ts'
import { areSame, eventsOf, isSampled, markOf, type StreamEvent } from '../../../web/stream/events.ts'
import { rowsOfWords, wordsOf } from '../../../web/stream/event-words.ts'
import { EVIDENCE, facts, lose, NOW, row, sample } from '../live/rows.ts'

const SENT: Action = { at: NOW + 5, kind: 'send', bytes: 6, waiting: 0, code: null, kernel: null, behavior: null }

/** With plain spaces before units. */
function words(event: StreamEvent, fd: number | null = null): string {
  const { title, detail } = wordsOf(event, fd)
  return `${title} | ${detail}`.replaceAll(/\s/g, ' ')
}

function closedBy(fields: Partial<CloseEvidence> | null): string {
  const evidence = fields && { ...EVIDENCE, ...fields }
  return words({
    kind: 'close',
    at: NOW,
    close: { at: NOW, by: 'peer', how: 'reset', reset: 'peer', code: null, evidence },
  })
}

describe('the events of a record', () => {
  test('are in order of time, with what was done by hand, both FINs and the close', () => {
    const one = row(1, { openedAt: NOW, actions: [SENT], halfClosedAt: NOW + 3, finSentAt: NOW + 8 })
    one.end({ at: NOW + 9, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
    expect(eventsOf(one).map(({ kind, at }) => [kind, at - NOW])).toEqual([
      ['accept', 0],
      ['half-close', 3],
      ['action', 5],
      ['half-close', 8],
      ['close', 9],
    ])
  })

  test('have the states that samples found, and say that samples found them', () => {
    const one = row(1, { openedAt: NOW })
    sample(one, facts({ sampledAt: NOW + 1 }), NOW + 1)
    sample(one, facts({ tcpState: 'CLOSE_WAIT', sampledAt: NOW + 9 }), NOW + 9)
    const [, state] = eventsOf(one)
    if (state === undefined) throw new Error('no state')
    expect(isSampled(state)).toBe(true)
    expect(words(state)).toMatch(/^CLOSE_WAIT \| .+ · found by a kernel sample$/)
  })

  test('have the states found before the page was opened, at the times when samples found them', () => {
    const kernel = facts({ tcpState: 'FIN_WAIT_2', sampledAt: NOW + 13 * 60_000 })
    const sampledStates = [
      { state: 'ESTABLISHED', at: NOW + 1 },
      { state: 'FIN_WAIT_2', at: NOW + 100 },
    ] as const
    const one = row(1, { openedAt: NOW, finSentAt: NOW + 5, kernel, sampledStates })
    expect(eventsOf(one).map(({ kind, at }) => [kind, at - NOW])).toEqual([
      ['accept', 0],
      ['half-close', 5],
      ['state', 100],
    ])
    one.shift(5)
    expect(eventsOf(one.frozen()).map(({ at }) => at - NOW)).toEqual([5, 10, 105])
  })

  test('tell when the kernel has removed a socket that outlived the close, and of no other', () => {
    const one = row(1, { openedAt: NOW })
    sample(one, facts({ sampledAt: NOW + 1 }), NOW + 1)
    one.end({ at: NOW + 9, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
    const short = one.frozen()
    sample(short, null, NOW + 20)
    expect(eventsOf(short).map(({ kind }) => kind)).toEqual(['accept', 'close'])
    sample(one, facts({ tcpState: 'TIME_WAIT', inode: 0, sampledAt: NOW + 10 }), NOW + 10)
    sample(one, null, NOW + 60_000)
    expect(eventsOf(one).map(({ kind }) => kind)).toEqual(['accept', 'close', 'state', 'gone'])
    one.shift(5)
    expect(eventsOf(row(1, recordOf(one))).at(-1)).toEqual({ kind: 'gone', at: NOW + 60_005 })
  })

  test('do not say that the kernel has removed a socket when it can’t be sampled any more', () => {
    const one = row(1, { openedAt: NOW })
    one.end({ at: NOW + 9, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
    sample(one, facts({ tcpState: 'TIME_WAIT', inode: 0, sampledAt: NOW + 10 }), NOW + 10)
    lose(one)
    expect(eventsOf(one).map(({ kind }) => kind)).toEqual(['accept', 'close', 'state'])
  })

  test('tell when a queue that held bytes for a second or more was found empty', () => {
    const one = row(1, { openedAt: NOW })
    const queue = (sendQueue: number, at: number): void =>
      void sample(one, facts({ sendQueue, sampledAt: NOW + at }), NOW + at)
    queue(10, 0)
    queue(0, 900)
    queue(10, 2000)
    queue(3000, 2500)
    queue(20, 2900)
    queue(0, 4000)
    const emptied = eventsOf(one).filter(({ kind }) => kind === 'emptied')
    expect(emptied.map((event) => words(event))).toEqual([
      'Send queue empty | held up to 3 kB for 2s · found by a kernel sample',
    ])
  })

  test('do not take the end of a socket for an empty queue', () => {
    const one = row(1)
    sample(one, facts({ recvQueue: 5, sampledAt: NOW }), NOW)
    sample(one, null, NOW + 5000)
    expect(eventsOf(one).map(({ kind }) => kind)).toEqual(['accept'])
  })
})

test('a record that has changed in nothing but its bytes has the same events', () => {
  const one = row(1, { openedAt: NOW, actions: [SENT] })
  const before = eventsOf(one)
  one.update(NOW + 9, { ...one, bytesIn: 5 })
  expect(areSame(before, eventsOf(one))).toBe(true)
  one.act({ ...SENT, at: NOW + 9 })
  expect(areSame(before, eventsOf(one))).toBe(false)
  const close = { at: NOW + 10, by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
  one.end(close)
  const closed = eventsOf(one)
  expect(areSame(closed, eventsOf(one))).toBe(true)
  one.end({ ...close, evidence: EVIDENCE })
  expect(areSame(closed, eventsOf(one))).toBe(false)
})

describe('under the end stands', () => {
  test('whose account it is', () => {
    expect(closedBy(null)).toBe('Reset by client · RST | from the server; no kernel data')
    expect(closedBy({})).toBe('Reset by client · RST | the server and the kernel agree')
    expect(closedBy({ source: 'kernel' })).toContain('from the kernel, which corrects the server’s record')
    expect(closedBy({ certain: false })).toContain('the kernel’s data fits two endings')
  })

  test('what was lost', () => {
    expect(closedBy({ unread: 120 })).toContain('| 120 B not read by the server ·')
    expect(closedBy({ unsent: 2000, retransmits: 3 })).toContain(
      '| 2 kB not acknowledged by the client · 3 segments retransmitted ·',
    )
  })
})

test('a FIN, an RST, what was done by hand and what was refused have different signs', () => {
  const close = { at: NOW, by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
  const events: StreamEvent[] = [
    { kind: 'accept', at: NOW },
    { kind: 'half-close', at: NOW, by: 'peer' },
    { kind: 'action', at: NOW, action: SENT },
    { kind: 'action', at: NOW, action: { ...SENT, code: 'FIN_SENT' } },
    { kind: 'close', at: NOW, close },
    { kind: 'close', at: NOW, close: { ...close, reset: 'server' } },
    { kind: 'close', at: NOW, close: { ...close, how: 'timeout' } },
    { kind: 'gone', at: NOW },
  ]
  expect(events.map(markOf)).toEqual(['accept', 'fin', 'hand', 'refused', 'fin', 'reset', 'reset', 'sampled'])
})

test('an accepted connection names its descriptor while it has one', () => {
  expect(words({ kind: 'accept', at: NOW }, 87)).toBe('Accepted | fd 87')
  expect(words({ kind: 'accept', at: NOW })).toBe('Accepted | ')
})

test('words take as many rows as they need', () => {
  const title = 'x'.repeat(50)
  expect([60, 50, 40, 20].map((columns) => rowsOfWords({ title, detail: '' }, columns))).toEqual([1, 1, 2, 3])
})
