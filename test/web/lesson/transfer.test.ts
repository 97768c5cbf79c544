import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../shared/endpoint.ts'
import type { ListenFact, PacketFact } from '../../../web/lesson/evidence.ts'
import type { Tried } from '../../../web/lesson/facts.ts'
import { judge } from '../../../web/lesson/judge.ts'
import { outcome } from '../../../web/lesson/outcome.ts'
import { answersIn, isDecided, withAnswer } from '../../../web/lesson/prediction.ts'
import type { TaskId } from '../../../web/lesson/steps.ts'
import { beliefOf, isShared, verdictOf } from '../../../web/lesson/words.ts'
import { LISTENER } from '../live/listener.ts'
import { NOW } from '../live/rows.ts'
import { client, fact, history, sure, unlocks } from './histories.ts'

const { port } = LISTENER.local

function opened(task: TaskId, row: { id: number; remote: Endpoint; local: Endpoint }): Tried {
  return { task, kind: 'opened', connectionId: row.id, remote: row.remote, local: row.local }
}

describe('the proxy', () => {
  // Two ports for each address: the first is refused a third connection, and the second takes it.
  const rows = [client(11, '127.1.1.1:1'), client(12, '127.1.1.1:2'), client(13, '127.1.1.2:1')]
  const crowd = (refused: string | null): Tried => ({
    task: 'users',
    kind: 'crowd',
    crowd: {
      size: 3,
      addresses: [
        { address: '127.1.1.1', size: 2, refused },
        { address: '127.1.1.2', size: 1, refused: null },
      ],
      ports: { first: 1, last: 2, limited: true },
      room: null,
      endsAt: NOW,
    },
  })
  const backend = (from: string, to = '127.0.0.2') => client(14, from, { local: { address: to, port } })
  const done = (tried: Tried[], connections = rows) => judge('proxy', history({ tried, connections })).done

  test('has no port left for one address of the backend, and the same port connects to another', () => {
    const other = backend('127.1.1.1:2')
    const seen = sure('proxy', {
      tried: [crowd('EADDRNOTAVAIL'), opened('backend', other)],
      connections: [...rows, other],
    })
    expect(seen.sockets.map(({ id }) => id)).toEqual([12, 14])
    // What is counted is the crowd alone.
    expect(seen.crowd).toMatchObject({ size: 3, kernel: 3 })
    expect(outcome('proxy', seen)).toBe('this-backend')
    expect(seen.sockets.every((socket) => isShared(socket, seen.sockets))).toBe(true)
    expect(beliefOf('proxy', seen)).toBeNull()
  })

  test('is not shown by a crowd that nothing limits, nor by one with a client missing', () => {
    expect(done([])).toEqual([false, false])
    expect(done([crowd(null)])).toEqual([false, false])
    expect(done([crowd('EMFILE')])).toEqual([false, false])
    expect(done([crowd('EADDRNOTAVAIL')], rows.slice(1))).toEqual([false, false])
    expect(done([crowd('EADDRNOTAVAIL')])).toEqual([true, false])
  })

  test.each([
    ['another client port', backend('127.1.1.1:3')],
    ['another client address', backend('127.1.1.9:2')],
    ['the same address of the backend', backend('127.1.1.1:2', '127.0.0.1')],
    ['a connection without a socket in the kernel', client(14, '127.1.1.1:2', { kernel: null })],
  ])('is not shown by %s', (_what, other) => {
    expect(done([crowd('EADDRNOTAVAIL'), opened('backend', other)], [...rows, other])[1]).toBe(false)
  })
})

describe('two services', () => {
  const at = (address: string, code: string | null = null, on = 4000): ListenFact => ({
    local: { address, port: on },
    code,
  })
  const [a, b, again] = [at('127.0.0.2'), at('127.0.0.3'), at('127.0.0.2', 'EADDRINUSE')]
  const listened = (...binds: ListenFact[]): { tried: Tried[] } => ({
    tried: [{ task: 'binds', kind: 'listened', binds }],
  })

  test('listen on one port number at two addresses, and not at one', () => {
    const seen = sure('services', listened(at('127.0.0.2', 'EADDRINUSE', port), a, b, again))
    expect(seen.binds).toHaveLength(4)
    expect(outcome('services', seen)).toBe('address')
    // Beside a server with one address, its own port shows that too.
    expect(unlocks('services', listened(at('127.0.0.2', null, port), a, b, again))).toBe(true)
  })

  test.each([
    ['nothing was tried', []],
    ['the second address was refused', [a, at('127.0.0.3', 'EADDRINUSE'), again]],
    ['the ports differ', [a, at('127.0.0.3', null, 4001), again]],
    ['the first address was not tried again', [a, b]],
    ['it was refused before the others listened', [again, a, b]],
    ['it was refused for another reason', [a, b, at('127.0.0.2', 'EACCES')]],
    ['a third address was refused', [a, b, at('127.0.0.4', 'EADDRINUSE')]],
  ])('prove nothing where %s', (_why, binds) => {
    expect(unlocks('services', listened(...binds))).toBe(false)
  })
})

describe('three sockets, two packets', () => {
  const ends = ['127.0.0.100:20001', '127.0.0.101:20001', '127.0.0.100:20002']
  const made = client(14, '127.0.0.101:20002')
  const rows = (bytes = [0, 12, 0]) => ends.map((end, index) => client(11 + index, end, { bytesIn: bytes[index] ?? 0 }))
  const before = [11, 12, 13].map((id) => ({ id, bytesIn: 0 }))
  const packet = (fields: Pick<PacketFact, 'remote' | 'syn' | 'verdict' | 'foreseen' | 'bytes'>): Tried => ({
    ...{ task: fields.syn ? 'knock' : 'deliver', kind: 'packet', before },
    packet: { local: made.local, got: null, ...fields },
  })
  const data = packet({ ...rows()[1]!, syn: false, verdict: 'connected', foreseen: 12, bytes: 12 })
  const syn = packet({ ...made, syn: true, verdict: 'listening', foreseen: null, bytes: 0 })
  const tried = [...rows().map((row) => opened('deliver', row)), data, opened('knock', made), syn]

  test('the data came to the second socket and to no other, and the SYN made a new one', () => {
    const seen = sure('tuples', { tried, connections: [...rows(), made] })
    expect(seen.sockets.map(({ id }) => id)).toEqual([11, 12, 13, 14])
    expect(outcome('tuples', seen)).toBe('two+listening')
    const step = { since: null, evidence: seen, leftOut: false }
    expect(verdictOf('tuples', { ...step, prediction: 'two+listening' }).right).toBe(true)
    expect(verdictOf('tuples', { ...step, prediction: 'one+listening' })).toMatchObject({
      right: false,
      predicted: 'Data from B:20001: Socket 1; A SYN from B:20002: Listening socket',
      happened: 'Data from B:20001: Socket 2; A SYN from B:20002: Listening socket',
    })
  })

  test('each of the two is needed', () => {
    const done = (connections = [...rows(), made], known = tried) =>
      judge('tuples', history({ tried: known, connections })).done
    expect(done(rows())).toEqual([true, false])
    expect(done([...rows([12, 0, 0]), made])).toEqual([false, true])
    expect(done([...rows([0, 12, 12]), made])).toEqual([false, true])
    expect(done([...rows(), made], tried.slice(1))).toEqual([false, true])
    expect(done([], [])).toEqual([false, false])
  })

  test('a packet that came nowhere may be sent again', () => {
    const lost = packet({ ...rows()[1]!, syn: false, verdict: 'reset', foreseen: null, bytes: 12 })
    const early = { ...data, before: [] } as Tried
    for (const first of [lost, early]) {
      expect(unlocks('tuples', { tried: [first, ...tried], connections: [...rows(), made] })).toBe(true)
    }
  })

  test('a button that failed halfway before leaves no trace in the evidence', () => {
    const left = client(10, '127.0.0.102:20001')
    const seen = sure('tuples', {
      ...{ since: 9, tried: [opened('deliver', left), ...tried], connections: [left, ...rows(), made] },
    })
    expect(seen.sockets).not.toContainEqual(fact(left))
    expect(seen.sockets).toHaveLength(4)
  })
})

test('a question with parts is decided when each has its answer, in any order', () => {
  expect(answersIn('tuples', null)).toEqual([null, null])
  const second = withAnswer('tuples', null, 1, 'listening')
  expect(isDecided('tuples', second)).toBe(false)
  expect(withAnswer('tuples', second, 0, 'one')).toBe('one+listening')
  expect(isDecided('tuples', withAnswer('tuples', second, 0, 'one'))).toBe(true)
  expect(withAnswer('tuples', 'one+listening', 0, 'two')).toBe('two+listening')
  expect([isDecided('proxy', null), isDecided('proxy', 'all'), isDecided('listening', null)]).toEqual([
    false,
    true,
    true,
  ])
})
