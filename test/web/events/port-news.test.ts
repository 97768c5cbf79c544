import { expect, test } from 'vitest'
import type { PortProblem } from '../../../shared/diagnosis.ts'
import type { Listener } from '../../../shared/stream.ts'
import { newsBetween } from '../../../web/events/port-news.ts'
import { LISTENER } from '../live/listener.ts'

const whats = (before: Partial<Listener>, after: Partial<Listener>) =>
  newsBetween({ ...LISTENER, ...before }, { ...LISTENER, ...after }).map(({ what }) => what)

test('what changes by itself, such as the counters, is no news', () => {
  expect(
    whats({}, { counters: { ...LISTENER.counters, accepted: 9 }, acceptQueue: { length: 3, limit: 511 } }),
  ).toEqual([])
})

test('settings, stopped accepting and a hung listener process are news', () => {
  expect(whats({}, { behavior: 'silent', greetingLanguage: 'ru' })).toEqual(['behavior', 'greeting'])
  expect(whats({}, { rules: [{ when: 'a', answer: 'b' }] })).toEqual(['rules'])
  expect(whats({}, { state: 'paused' })).toEqual(['stopped'])
  expect(whats({ state: 'paused' }, {})).toEqual(['resumed'])
  expect(whats({}, { unresponsive: true })).toEqual(['unresponsive'])
  expect(whats({ unresponsive: true }, {})).toEqual(['responds'])
})

test('a restart of the listener process is one event, whether the page saw the port down or not', () => {
  const died = { state: 'down', pid: null, restarts: 1 } as const
  expect(whats({}, died)).toEqual(['down'])
  expect(whats(died, { ...died, restarts: 2 })).toEqual([])
  expect(whats(died, { pid: 2, restarts: 1 })).toEqual(['restarted'])
  expect(whats({}, { pid: 2, restarts: 1 })).toEqual(['restarted'])
})

test('a server that shuts down is news once', () => {
  expect(whats({}, { state: 'stopping', fd: null })).toEqual(['stopping'])
  expect(whats({ state: 'stopping', fd: null }, { state: 'stopping', fd: null })).toEqual([])
})

test('a port that was down while its process ran accepts again', () => {
  expect(whats({ state: 'down' }, {})).toEqual(['resumed'])
})

test('problems of the port come and go once, however their evidence changes; a flood has its own line', () => {
  const again = (address: string, connections: number): PortProblem => ({
    ...{ code: 'reconnecting', since: 5, evidence: { address, connections, longestMs: 3 } },
  })
  const flood: PortProblem = { code: 'flooding', since: 5, evidence: { address: '10.0.0.7', connections: 900 } }
  expect(whats({}, { problems: [again('10.0.0.1', 10), flood] })).toEqual(['problem'])
  expect(whats({ problems: [again('10.0.0.1', 10)] }, { problems: [again('10.0.0.1', 20)] })).toEqual([])
  expect(whats({ problems: [again('10.0.0.1', 10)] }, { problems: [again('10.0.0.2', 9)] })).toEqual([
    'problem-over',
    'problem',
  ])
  expect(whats({ problems: [flood] }, {})).toEqual([])
})
