import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../../shared/endpoint.ts'
import type { RefusalFact } from '../../../web/lesson/evidence.ts'
import { type Facts, type Tried, waitingFact } from '../../../web/lesson/facts.ts'
import { judge } from '../../../web/lesson/judge.ts'
import { outcome } from '../../../web/lesson/outcome.ts'
import type { TaskId } from '../../../web/lesson/steps.ts'
import { sceneOf } from '../../../web/lesson/scene.ts'
import { Waited } from '../../../web/lesson/waited.ts'
import { LISTENER } from '../live/listener.ts'
import { facts, lose, unmatched, NOW } from '../live/rows.ts'
import { client, fact, found, history, KERNEL, owning, SINCE, sure, unlocks } from './histories.ts'

const paused = { ...LISTENER, inode: 4711, state: 'paused' } as const

function opened(task: TaskId, row: { id: number; remote: Endpoint; local: Endpoint }): Tried {
  return { task, kind: 'opened', connectionId: row.id, remote: row.remote, local: row.local }
}

function refused(code: string, { remote, local }: Pick<RefusalFact, 'remote' | 'local'>): Tried {
  return { task: 'twice', kind: 'refused', refusal: { code, remote, local, at: NOW } }
}

test('1: the socket that the kernel shows in LISTEN has the inode that the server knows', () => {
  expect(sure('listening', {}).listening).toMatchObject({ inode: 4711, tcpState: 'LISTEN', remote: null })
  expect(unlocks('listening', { kernel: { ...KERNEL, listeners: [] } })).toBe(false)
  const others = KERNEL.listeners.map((one) => ({ ...one, inode: 1 }))
  expect(unlocks('listening', { kernel: { ...KERNEL, listeners: others } })).toBe(false)
  expect(unlocks('listening', { listener: { ...LISTENER, inode: 4711, state: 'down' } })).toBe(false)
})

test('without a kernel to ask, it goes by the server’s word, and the evidence says so', () => {
  expect(sure('listening', { kernel: null }).witness).toBe('server')
  expect(sure('first', { kernel: null, connections: [client(11, undefined, { kernel: null })] }).witness).toBe('server')
  expect(sure('first', { connections: [client(11)] }).witness).toBe('kernel')
})

describe('2: a first connection', () => {
  test('is a new socket with the listening one’s port', () => {
    const seen = sure('first', { connections: [client(11)] })
    expect(seen.sockets).toMatchObject([{ id: 11, inode: 900_011, fd: 31, tcpState: 'ESTABLISHED' }])
    expect(outcome('first', seen)).toBe('same')
  })

  test('was not there before, is open, and is in the kernel’s table', () => {
    const stray = (row: ReturnType<typeof client>) => judge('first', history({ connections: [row] })).stray?.why
    expect(unlocks('first', { connections: [client(SINCE)] })).toBe(false)
    expect(stray(client(SINCE))).toBeUndefined()
    expect(stray(client(11, undefined, { kernel: null }))).toBe('unconfirmed')
    expect(stray(client(11, undefined, { kernel: facts({ inode: 4711 }) }))).toBe('unconfirmed')
    const ended = client(11)
    ended.end({ at: NOW, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
    expect(stray(ended)).toBe('ended')
    expect(unlocks('first', { connections: [ended] })).toBe(false)
  })
})

describe('3: a second connection', () => {
  const first = client(5, '127.0.0.1:40001')

  test('comes from the first one’s IP, and differs in the port alone', () => {
    const seen = sure('second', { earlier: [fact(first)], connections: [first, client(11, '127.0.0.1:40002')] })
    expect(seen.sockets.map(({ id }) => id)).toEqual([5, 11])
    expect(outcome('second', seen)).toBe('remote-port')
  })

  test('does not count from another IP, alone, or if it was there before', () => {
    const other = { earlier: [fact(first)], connections: [first, client(11, '127.0.0.2:40002')] }
    expect(unlocks('second', other)).toBe(false)
    expect(judge('second', history(other)).stray).toMatchObject({ why: 'other-ip', socket: { id: 11 } })
    expect(unlocks('second', { earlier: [fact(first)], connections: [client(11, '127.0.0.1:40002')] })).toBe(false)
    expect(unlocks('second', { connections: [first, client(6, '127.0.0.1:40002')] })).toBe(false)
  })
})

test('4: one connection from port 50000 and one from 50001, both new', () => {
  const [a, b] = [client(11, '127.0.0.100:50000'), client(12, '127.0.0.101:50001')]
  const seen = sure('textbook', { connections: [b, a] })
  expect(seen.sockets.map(({ remote }) => remote?.port)).toEqual([50_000, 50_001])
  expect(outcome('textbook', seen)).toBe('3')
  const wrong = { connections: [a, client(12, '127.0.0.101:50002')] }
  expect(judge('textbook', history(wrong))).toMatchObject({ done: [true, false], stray: { why: 'other-port' } })
  expect(unlocks('textbook', { connections: [client(9, '127.0.0.100:50000'), b] })).toBe(false)
})

test('5: the same client port from two IPs, the later one new', () => {
  const a = client(11, '127.0.0.100:50000')
  const seen = sure('same-port', { connections: [a, client(12, '127.0.0.101:50000')] })
  expect(outcome('same-port', seen)).toBe('accepted')
  expect(unlocks('same-port', { connections: [client(9, '127.0.0.100:50000'), client(11, '127.0.0.101:50000')] })).toBe(
    true,
  )
  const sameIp = history({ connections: [a, client(12, '127.0.0.100:50001')] })
  expect(judge('same-port', sameIp)).toMatchObject({ done: [true, false], stray: { why: 'same-ip' } })
  const otherPort = history({ connections: [a, client(12, '127.0.0.101:50001')] })
  expect(judge('same-port', otherPort)).toMatchObject({ done: [true, false], stray: { why: 'other-port' } })
  expect(unlocks('same-port', { connections: [client(8, '127.0.0.1:7'), client(9, '127.0.0.2:7')] })).toBe(false)
})

describe('6: the same 4-tuple twice', () => {
  const row = client(11)
  const tried = [opened('tuple', row), refused('EADDRNOTAVAIL', row)]

  test('is refused by the kernel, and the first stays open', () => {
    const seen = sure('same-tuple', { connections: [row], tried })
    expect(seen.refusal).toMatchObject({ code: 'EADDRNOTAVAIL', remote: { port: 50_000 } })
    expect(outcome('same-tuple', seen)).toBe('refused')
  })

  test.each<[string, Partial<Facts>]>([
    ['no refusal came', { connections: [row], tried: tried.slice(0, 1) }],
    ['the first has gone', { connections: [], tried }],
    ['it was no refusal of a 4-tuple', { connections: [row], tried: [opened('tuple', row), refused('EACCES', row)] }],
    [
      'another 4-tuple was refused, such as one of an address that is not there',
      {
        connections: [row],
        tried: [opened('tuple', row), refused('EADDRNOTAVAIL', client(12, '127.0.0.77:50000'))],
      },
    ],
    ['the server refused to try', { connections: [row], tried: [opened('tuple', row), refused('READ_ONLY', row)] }],
  ])('is not shown where %s', (_why, fields) => {
    expect(unlocks('same-tuple', fields)).toBe(false)
  })
})

describe('7: which socket', () => {
  const [a, b, c] = [client(11, '127.0.0.1:1'), client(12, '127.0.0.1:2'), client(13, '127.0.0.1:3')]
  const before = [a, b].map(({ id }) => ({ id, bytesIn: 0 }))
  const packet = (syn: boolean): Tried => ({
    task: syn ? 'syn' : 'packet',
    kind: 'packet',
    packet: {
      remote: (syn ? c : a).remote,
      local: a.local,
      syn,
      verdict: syn ? 'listening' : 'connected',
      bytes: syn ? 0 : 12,
      foreseen: syn ? null : 11,
      got: null,
    },
    before,
  })
  const tried = [opened('packet', a), opened('packet', b), packet(false), opened('syn', c), packet(true)]
  const after = (inA: number, inB: number) => [
    client(11, '127.0.0.1:1', { bytesIn: inA }),
    client(12, '127.0.0.1:2', { bytesIn: inB }),
    c,
  ]

  test('the bytes came to the one that the rules named and to no other, the SYN made a new one', () => {
    const seen = sure('which', { connections: after(12, 0), tried })
    expect(seen.packets).toMatchObject([{ foreseen: 11, got: 11 }, { got: 13 }])
    expect(outcome('which', seen)).toBe('own')
  })

  test('no proof if bytes are missing or reached the other socket, or no SYN was tried', () => {
    for (const [inA, inB] of [
      [0, 0],
      [5, 0],
      [12, 12],
      [0, 12],
    ] as const)
      expect(unlocks('which', { connections: after(inA, inB), tried })).toBe(false)
    expect(unlocks('which', { connections: after(12, 0), tried: tried.slice(0, 3) })).toBe(false)
    expect(unlocks('which', { connections: after(12, 0).slice(0, 2), tried })).toBe(false)
  })
})

describe('8: the queue', () => {
  const waiting = unmatched(0, { local: client(11).local, remote: client(11).remote })
  const waited = [waitingFact(waiting, NOW)]

  test('they wait without an inode, and are served with one', () => {
    const seen = sure('queue', { waited, connections: [client(11)] })
    expect(seen.waited).toMatchObject([{ inode: 0, fd: null, tcpState: 'ESTABLISHED' }])
    expect(seen.sockets).toMatchObject([{ id: 11, inode: 900_011 }])
    expect(outcome('queue', seen)).toBe('handshake')
  })

  test('who is seen there while nobody accepts is noted, once, and stays noted', () => {
    const [early, late] = [unmatched(1), unmatched(2)]
    const log = new Waited()
    log.look({ unmatched: [early] }, true, NOW)
    expect(log.sockets).toEqual([])
    log.look(
      { unmatched: [early, late, unmatched(3, { tcpState: 'SYN_RECV' }), unmatched(4, { inode: 9 })] },
      true,
      NOW,
    )
    log.look({ unmatched: [early, late] }, true, NOW + 1)
    log.look({ unmatched: [unmatched(5)] }, false, NOW + 2)
    expect(log.sockets).toMatchObject([{ remote: { port: 2 }, at: NOW }])
    log.look({ unmatched: Array.from({ length: 100 }, (_, port) => unmatched(100 + port)) }, true, NOW)
    expect(log.sockets).toHaveLength(24)
  })

  test('task by task: stopped, waiting, served', () => {
    const done = (fields: Partial<Facts>) => judge('queue', history(fields)).done
    expect(done({})).toEqual([false, false, false])
    expect(done({ listener: paused })).toEqual([true, false, false])
    expect(done({ listener: paused, waited })).toEqual([true, true, false])
    expect(done({ waited })).toEqual([true, true, false])
    // Another client was accepted; one still waits; it was accepted by a server that has stopped again.
    expect(done({ waited, connections: [client(11, '127.0.0.1:9')] })).toEqual([true, true, false])
    expect(done({ waited, connections: [client(11)], kernel: { ...KERNEL, unmatched: [waiting] } })[2]).toBe(false)
    expect(done({ waited, connections: [client(11)], listener: paused })[2]).toBe(false)
  })
})

describe('9: endings', () => {
  const tried = (['half', 'fin', 'reset'] as const).map((task, index) => opened(task, client(11 + index)))
  const all = () => {
    const [half, fin, reset] = [client(11), client(12), client(13)]
    found(half, 'CLOSE_WAIT', 'LAST_ACK', null).end({
      at: NOW,
      by: 'peer',
      how: 'fin',
      reset: null,
      code: null,
      evidence: null,
    })
    found(fin, 'TIME_WAIT').end({ at: NOW, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
    found(reset, null).end({ at: NOW, by: 'peer', how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null })
    return [half, fin, reset] as const
  }

  test('CLOSE_WAIT seen, TIME_WAIT seen, nothing left of the reset', () => {
    const seen = sure('closing', { connections: all(), tried })
    expect(outcome('closing', seen)).toBe('first')
    expect(seen.sockets.map((socket) => socket.seen.at(-1)?.state)).toEqual(['LAST_ACK', 'TIME_WAIT', 'ESTABLISHED'])
  })

  test('each of the three is needed, as the kernel shows it', () => {
    const done = (connections: Facts['connections']) => judge('closing', history({ connections, tried })).done
    const [half, fin, reset] = all()
    expect(done([half, fin, reset])).toEqual([true, true, true, true])
    // A FIN between two samples; a close by the server not yet sampled; a close without a reset.
    expect(done([client(11), fin, reset])).toEqual([false, false, true, true])
    const unseen = client(12)
    unseen.end({ at: NOW, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
    expect(done([half, unseen, reset])).toEqual([true, true, false, true])
    const still = client(13)
    still.end({ at: NOW, by: 'peer', how: 'reset', reset: 'peer', code: null, evidence: null })
    expect(done([half, fin, still])).toEqual([true, true, true, false])
    expect(done([half, reset, fin])).toEqual([true, true, true, true])
    // The learner has not let the server close.
    expect(done([found(client(11), 'CLOSE_WAIT'), fin, reset])).toEqual([true, false, true, true])
  })

  test('that the kernel can’t be sampled any more proves nothing', () => {
    const [half, fin, reset] = [client(11), client(12), client(13)]
    found(half, 'CLOSE_WAIT')
    fin.end({ at: NOW, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
    reset.end({ at: NOW, by: 'peer', how: 'reset', reset: 'peer', code: null, evidence: null })
    for (const one of [half, fin, reset]) lose(one)
    expect(judge('closing', history({ connections: [half, fin, reset], tried })).done).toEqual([
      true,
      false,
      false,
      false,
    ])
    expect(fact(fin).forgottenAt).toBeNull()
    for (const one of [fin, reset]) found(one, null)
    expect(judge('closing', history({ connections: [half, fin, reset], tried })).done).toEqual([
      true,
      false,
      true,
      true,
    ])
  })

  test('a TIME_WAIT that was not seen is inferred, and leaves the question open', () => {
    const [half, , reset] = all()
    const fin = client(12)
    found(fin, null).end({ at: NOW, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
    expect(outcome('closing', sure('closing', { connections: [half, fin, reset], tried }))).toBeNull()
  })
})

describe('10: a crowd', () => {
  const rows = Array.from({ length: 9 }, (_, n) => client(11 + n, `127.1.1.${1 + Math.floor(n / 3)}:${n % 3}`))
  const crowd = {
    size: 9,
    addresses: [1, 2, 3].map((host) => ({
      ...{ address: `127.1.1.${host}`, size: 3, refused: host < 3 ? 'EADDRNOTAVAIL' : null },
    })),
    ports: { first: 0, last: 2, limited: true },
    room: 9,
    endsAt: NOW,
  }
  const tried: Tried[] = [{ task: 'crowd', kind: 'crowd', crowd }]

  test('is counted by server and kernel; one address is refused while another connects', () => {
    const strangers = [client(30), client(9, '127.1.1.1:9')]
    const seen = sure('exhausted', { connections: [...rows, ...strangers], tried, own: owning() })
    expect(seen.crowd).toMatchObject({ size: 9, kernel: 9, addresses: crowd.addresses })
    expect(seen.sockets.map(({ remote }) => remote?.address)).toEqual(['127.1.1.1', '127.1.1.2', '127.1.1.3'])
    expect(outcome('exhausted', seen)).toBe('client-ports')
    expect(sceneOf('exhausted', seen.listening, seen)).toMatchObject({ lines: { length: 3 }, more: 6 })
    expect(sure('exhausted', { connections: rows, tried, kernel: null }).crowd?.kernel).toBeNull()
  })

  test('is no evidence while one is missing, or no address was refused, or no other connects', () => {
    const late = client(19, '127.1.1.3:2', { kernel: null })
    expect(unlocks('exhausted', { connections: rows })).toBe(false)
    expect(unlocks('exhausted', { connections: rows.slice(1), tried })).toBe(false)
    expect(unlocks('exhausted', { connections: [...rows.slice(0, -1), late], tried })).toBe(false)
    const having = (addresses: typeof crowd.addresses): Tried[] => [
      { task: 'crowd', kind: 'crowd', crowd: { ...crowd, addresses } },
    ]
    const [first, ...others] = crowd.addresses
    if (first === undefined) throw new Error('no address')
    const unrefused = having([{ ...first, refused: null }, ...others])
    expect(unlocks('exhausted', { connections: rows, tried: unrefused })).toBe(false)
    const alone = { ...crowd, size: 3, addresses: [first] }
    const one: Tried[] = [{ task: 'crowd', kind: 'crowd', crowd: alone }]
    expect(unlocks('exhausted', { connections: rows.slice(0, 3), tried: one })).toBe(false)
  })
})

describe('11: the conclusion', () => {
  const mine = [client(3, '127.0.0.1:1'), client(4, '127.0.0.2:1')]
  const earlier = mine.map(fact)

  test('counts the visitor’s own sockets, one of them new, at one moment', () => {
    const stranger = client(5, '127.0.0.3:1')
    const seen = sure('conclusion', { earlier, connections: [...mine, stranger, client(11, '127.0.0.1:2')] })
    expect(seen.sockets.map(({ id }) => id)).toEqual([3, 4, 11])
    // Two client ports for three connections.
    expect(outcome('conclusion', seen)).toBe('tuples')
  })

  test('needs enough connections, a new one, and sockets with distinct inodes', () => {
    expect(unlocks('conclusion', { connections: [...mine, client(11, '127.0.0.1:2')] })).toBe(false)
    expect(unlocks('conclusion', { earlier: [...earlier, fact(client(5))], connections: [...mine, client(5)] })).toBe(
      false,
    )
    const late = client(12, '127.0.0.1:3', { kernel: null })
    const rows = [...mine, client(11, '127.0.0.1:2'), late]
    expect(unlocks('conclusion', { earlier, connections: rows })).toBe(true)
    expect(unlocks('conclusion', { earlier, connections: rows, tried: [opened('all', late)] })).toBe(false)
    const twin = client(11, '127.0.0.1:2', { kernel: facts({ inode: 900_003 }) })
    expect(unlocks('conclusion', { earlier, connections: [...mine, twin] })).toBe(false)
  })
})

describe('in a busy class', () => {
  const mine = client(20, '127.0.0.1:40000')
  /** Thirty others, older and newer than the learner's. */
  const others = Array.from({ length: 30 }, (_, n) => client(11 + n + (n < 9 ? 0 : 1), `10.0.0.${n + 1}:50000`))

  test('only the learner’s own connection completes the step', () => {
    const own = owning(mine)
    expect(unlocks('first', { connections: others, own })).toBe(false)
    const seen = sure('first', { connections: [...others, mine], own })
    expect(seen.sockets.map(({ id }) => id)).toEqual([20])
  })

  test('a connection from the page’s own address is the learner’s, whichever way localhost is read', () => {
    const at = (address: string | null) => ({ ...owning(), address })
    expect(unlocks('first', { connections: [mine], own: at('127.0.0.1') })).toBe(true)
    expect(unlocks('first', { connections: [mine], own: at('::1') })).toBe(true)
    expect(unlocks('first', { connections: [mine], own: at('10.0.0.99') })).toBe(false)
    expect(unlocks('first', { connections: [mine], own: at(null) })).toBe(false)
    expect(unlocks('first', { connections: others, own: at('10.0.0.7') })).toBe(true)
  })

  test('the learner is asked about one other, the oldest that would count, until the answer', () => {
    const asked = (rows: readonly ReturnType<typeof client>[], denied: readonly ReturnType<typeof client>[] = []) => {
      const own = { ...owning(), denied: owning(...denied).claimed }
      return judge('first', history({ connections: rows, own })).stray
    }
    expect(asked(others)).toMatchObject({ why: 'whose', socket: { id: 11 } })
    expect(asked(others.slice(0, 3))?.others.map(({ id }) => id)).toEqual([12, 13])
    expect(asked(others, others.slice(0, 2))?.socket.id).toBe(13)
    expect(asked(others, others)).toBeNull()
    expect(asked([client(SINCE)])).toBeNull()
  })

  test('the learner’s own connection that does not fit is explained, and nobody else’s', () => {
    const own = owning(mine)
    const wrong = { connections: [...others.slice(0, 9), mine], own }
    expect(judge('textbook', history(wrong)).stray).toMatchObject({ why: 'other-port', socket: { id: 20 } })
    const later = { connections: [...others, mine], own }
    expect(judge('textbook', history(later)).stray).toMatchObject({ why: 'whose', socket: { id: 21 } })
    const theirs = { connections: [client(11, '10.0.0.1:40001')], own: owning() }
    expect(judge('textbook', history(theirs)).stray).toBeNull()
  })

  test.each(['second', 'textbook', 'same-port', 'conclusion'] as const)('step %s does not count others', (step) => {
    const rows = [...others, client(60, '10.0.0.1:50001'), client(61, '10.0.0.2:50001')]
    const earlier = [fact(mine)]
    expect(unlocks(step, { connections: rows, own: owning(), earlier })).toBe(false)
    // The step before has the learner's: 10.0.0.1 is the learner's other client then.
    expect(unlocks(step, { connections: rows, own: owning(...rows), earlier: [fact(others[0] ?? mine)] })).toBe(true)
  })

  test('only the learner’s clients in the accept queue count', () => {
    const [theirs, ours] = ['10.0.0.1', '127.0.0.1'].map((address) =>
      waitingFact(unmatched(0, { tcpState: 'ESTABLISHED', remote: { address, port: 50_000 } }), NOW),
    )
    if (theirs === undefined || ours === undefined) throw new Error('two are made')
    const judged = (own: Facts['own']) => judge('queue', history({ listener: paused, waited: [theirs, ours], own }))
    expect(judged(owning(ours))).toMatchObject({ done: [true, true, false], waited: [{ remote: ours.remote }] })
    expect(judged(owning())).toMatchObject({ done: [true, false, false], waited: [], stray: { why: 'whose' } })
  })
})
