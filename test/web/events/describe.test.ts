import { expect, test } from 'vitest'
import type { Action } from '../../../shared/action.ts'
import type { PortProblem } from '../../../shared/diagnosis.ts'
import type { PortEvent } from '../../../web/events/event.ts'
import { describeClients, describeFold, describeSpan, handMark, severityOf } from '../../../web/events/describe.ts'
import type { Line } from '../../../web/events/lines.ts'
import { formatTime } from '../../../web/text/format.ts'
import { NOW, row } from '../live/rows.ts'

const sent: Action = { at: NOW, kind: 'send', bytes: 5, behavior: null, code: null, waiting: 0, kernel: null }
const event = (action: Action) => ({ kind: 'action' as const, key: 1, at: NOW, row: row(1), action })
const settings: PortEvent = { kind: 'port', key: 1, at: NOW, row: null, news: { what: 'behavior', behavior: 'echo' } }
const line = (event: PortEvent, count: number): Line => ({
  key: 1,
  at: NOW,
  until: NOW + 4_200,
  count,
  event,
  kept: [],
})

test('a send that failed has another mark than one that was done, as in the stream', () => {
  expect(handMark(event(sent))).toBe('own')
  expect(handMark(event({ ...sent, code: 'CLOSED' }))).toBe('failed')
})

test('only what was done by hand has a mark of the hand', () => {
  expect(handMark(settings)).toBe('own')
  expect(handMark({ ...settings, news: { what: 'restarted', pid: 7 } })).toBeNull()
  expect(handMark({ kind: 'accepted', key: 1, at: NOW, row: row(1) })).toBeNull()
})

test('what stops the port is critical, and settings are no problem', () => {
  expect(severityOf({ ...settings, news: { what: 'down', fault: null } })).toBe('critical')
  expect(severityOf({ ...settings, news: { what: 'restarted', pid: 7 } })).toBe('warning')
  expect(severityOf(settings)).toBeNull()
})

test('a line of equal events says how many, from which address and in what time', () => {
  const many = line({ kind: 'accepted', key: 1, at: NOW, row: row(1) }, 1_312)
  expect(describeFold(many)).toBe('1,312 × Accepted')
  expect(describeClients(many)).toBe('192.168.0.101')
  expect(describeSpan(many)).toBe('in 4s')
  expect(describeSpan({ ...many, until: NOW })).toBe('at the same time')
})

test('the words for a flood name the least number of connections, their addresses, and the end if the flood is over', () => {
  const problem = (address: string, refused: number): [string, PortProblem] => [
    address,
    { code: 'flooding', since: NOW, evidence: { address, connections: 9_000, refused } },
  ]
  const of = (addresses: [string, PortProblem][], over: { at: number; seen: boolean } | null) =>
    line({ kind: 'flood', key: 1, at: NOW, row: null, flood: { addresses: new Map(addresses), over } }, 101)
  const one = of([problem('10.0.0.1', 0)], null)
  expect([describeFold(one), describeClients(one), describeSpan(one)]).toEqual([
    'Flood: at least 9,000 connections',
    '10.0.0.1',
    'still going · 100 events folded',
  ])
  expect(describeSpan(of([problem('10.0.0.1', 0)], null), true)).toBe('still going')
  const two = of([problem('10.0.0.1', 12), problem('10.0.0.2', 0)], { at: NOW, seen: true })
  expect([describeFold(two), describeClients(two)]).toEqual([
    'Flood: at least 18,000 connections, 12 refused',
    '10.0.0.1 and 1 more',
  ])
  expect(describeSpan(two)).toContain(`until ${formatTime(NOW)}`)
  expect(describeSpan(of([problem('10.0.0.1', 0)], { at: NOW, seen: false }))).toContain(
    `last seen at ${formatTime(NOW)}`,
  )
})
