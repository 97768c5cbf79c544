import { expect, test } from 'vitest'
import { commandsFor, freeAddress } from '../../../web/lesson/commands.ts'
import { begin, reachable, storedProgress, withStep } from '../../../web/lesson/progress.ts'
import { sceneOf } from '../../../web/lesson/scene.ts'
import { ANSWERS, missing, STEP_IDS, TASKS } from '../../../web/lesson/steps.ts'
import { CATALOGUES } from '../../../web/text/catalogues.ts'
import { LISTENER } from '../live/listener.ts'
import { NOW } from '../live/rows.ts'
import { client, fact, sure } from './histories.ts'

const first = sure('first', { connections: [client(11)] })
const there = withStep(
  { ...withStep(begin(), 'listening', { leftOut: true }), current: 'second', startedAt: NOW },
  'first',
  { evidence: first, prediction: 'new', since: { instance: 'this run', id: 10 } },
)

/** The progress of a page that finds this text stored in the browser. */
const progressFrom = (text: string | null) =>
  storedProgress(() => ({ getItem: () => text, setItem() {}, removeItem() {} })).get() ?? begin()

test('what was kept is read again as it was', () => {
  expect(progressFrom(JSON.stringify(there))).toEqual(there)
})

test.each([
  ['nothing', null],
  ['no JSON', '{'],
  ['another version', JSON.stringify({ ...there, version: 2 })],
  ['a step that there is not', JSON.stringify({ ...there, current: 'third' })],
  ['a step before which others are open', JSON.stringify({ ...begin(), current: 'closing' })],
  [
    'evidence of another form',
    JSON.stringify(withStep(there, 'first', { evidence: { ...first, sockets: Array(1000).fill(first.sockets[0]) } })),
  ],
  ['more than the lesson ever writes', ' '.repeat(400_001)],
])('the lesson begins anew where %s was kept', (_what, text) => {
  expect(progressFrom(text)).toEqual(begin())
})

test('a step opens once all before it have their evidence or are left out', () => {
  expect(reachable(begin(), 'listening')).toBe(true)
  expect(reachable(begin(), 'first')).toBe(false)
  expect(reachable(there, 'second')).toBe(true)
  expect(reachable(there, 'textbook')).toBe(false)
})

test('what a server lacks for a step', () => {
  const able = { write: true, switch: true, crowd: true, kernel: true, ipv4: true, addresses: true }
  for (const id of STEP_IDS) expect(missing(id, able)).toBeNull()
  expect(missing('same-port', { ...able, ipv4: false })).toBe('ipv4')
  expect(missing('queue', { ...able, switch: false })).toBe('switch')
  expect(missing('queue', { ...able, kernel: false })).toBe('kernel')
  expect(missing('same-tuple', { ...able, write: false })).toBe('write')
  expect(missing('exhausted', { ...able, crowd: false })).toBe('crowd')
  expect(missing('proxy', { ...able, addresses: false })).toBe('addresses')
  expect(missing('services', { ...able, write: false })).toBe('write')
  const unable = { write: false, switch: false, crowd: false, kernel: false, ipv4: false, addresses: false }
  expect(missing('first', unable)).toBeNull()
})

test('both languages have a text for each task, and a button for each that the page can do', () => {
  for (const id of STEP_IDS) {
    for (const { lesson } of Object.values(CATALOGUES)) {
      const { steps } = lesson
      expect(Object.keys(steps[id].tasks)).toEqual([...TASKS[id]])
      expect(Object.keys(steps[id].answers).toSorted()).toEqual(ANSWERS[id].toSorted())
    }
  }
})

test('a client’s address that is in use with that port, or was just now, is passed over', () => {
  const ended = client(2, '127.0.0.101:50000')
  ended.end({ at: NOW, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  const rows = [client(1, '127.0.0.100:50000'), ended, client(3, '127.0.0.102:50001')]
  expect(freeAddress([], NOW, [50_000])).toBe('127.0.0.100')
  expect(freeAddress(rows, NOW + 59_000, [50_000])).toBe('127.0.0.102')
  expect(freeAddress(rows, NOW + 61_000, [50_000])).toBe('127.0.0.101')
})

test('commands are for the place where they are typed', () => {
  const place = { hostname: 'localhost', listener: LISTENER, connections: [], now: NOW, found: null }
  expect(commandsFor('first', place)).toEqual(['nc localhost 8080', 'telnet localhost 8080'])
  expect(commandsFor('port-1', place)).toEqual(['nc -s 127.0.0.101 -p 50001 127.0.0.1 8080'])
  // A student on another machine cannot choose its address.
  expect(commandsFor('port-1', { ...place, hostname: '192.168.0.1' })).toEqual(['nc -p 50001 192.168.0.1 8080'])
  const ipv6 = { ...place, listener: { ...LISTENER, dualStack: false } }
  expect(commandsFor('port-1', ipv6)).toEqual(['nc -p 50001 ::1 8080'])
  expect(commandsFor('twice', place)).toEqual([])
})

test('the picture shows what is there, and sketches what is to come', () => {
  const fates = (shown: Partial<typeof first>) =>
    sceneOf('second', first.listening, { ...first, sockets: [], ...shown }).lines.map(({ fate }) => fate)
  expect(fates({})).toEqual(['sketch', 'sketch'])
  expect(fates({ sockets: first.sockets })).toEqual(['open', 'sketch'])
  const ended = client(12)
  ended.end({ at: NOW, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  expect(fates({ sockets: [fact(ended)], refusal: { code: 'EADDRNOTAVAIL', ...ended, at: NOW } })).toEqual([
    'over',
    'refused',
  ])
  const many = sure('conclusion', {
    connections: Array.from({ length: 9 }, (_, i) => client(20 + i, `127.0.0.${i}:1`)),
  })
  const scene = sceneOf('conclusion', many.listening, many)
  expect([scene.lines.length, scene.more]).toEqual([7, 2])
})
