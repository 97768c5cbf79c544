import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { PortAttention } from '../../../server/table/port-attention.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import type { PortProblem, ProblemCode } from '../../../shared/diagnosis.ts'
import { NO_PROGRESS } from '../../../shared/record.ts'
import { cpuMs } from '../../support/cpu-time.ts'

const AT = 1_000_000

let table: ConnectionTable
let attention: PortAttention
let problems: PortProblem[]
let nextId: number

beforeEach(() => {
  table = new ConnectionTable(10)
  attention = new PortAttention(table)
  problems = []
  nextId = 1
})

function examine(now: number): PortProblem[] {
  problems = attention.examine(now) ?? problems
  return problems
}

describe('a full accept queue', () => {
  test('is a problem from the sample that shows it until 5 s after the last one that does, with the longest', () => {
    attention.sampled({ length: 511, limit: 511 }, AT)
    expect(examine(AT)).toEqual([])
    attention.sampled({ length: 512, limit: 511 }, AT + 250)
    attention.sampled({ length: 513, limit: 511 }, AT + 500)
    attention.sampled({ length: 512, limit: 511 }, AT + 750)
    attention.sampled({ length: 3, limit: 511 }, AT + 1_000)
    const evidence = { connections: 513, limit: 511 }
    expect(examine(AT + 1_000)).toEqual([{ code: 'accept-queue-full', since: AT + 250, evidence }])
    expect(attention.examine(AT + 5_749)).toBeNull()
    expect(examine(AT + 5_750)).toEqual([])
  })

  test('begins again after a pause, and moves with the clock', () => {
    attention.sampled({ length: 9, limit: 3 }, AT)
    attention.sampled({ length: 4, limit: 3 }, AT + 10_000)
    attention.shift(3_600_000)
    const evidence = { connections: 4, limit: 3 }
    expect(examine(AT + 3_610_100)).toEqual([{ code: 'accept-queue-full', since: AT + 3_610_000, evidence }])
  })

  test('that nobody could sample is none', () => {
    attention.sampled(null, AT)
    expect(examine(AT)).toEqual([])
  })
})

describe('a client that connects again and again', () => {
  /** A connection that the client resets, or ends after an orderly exchange. */
  function connect(openedAt: number, ms: number, address = '127.0.0.9', orderly = false): void {
    const id = nextId++
    const local = { address: '127.0.0.1', port: 8080 }
    table.accept({ id, local, remote: { address, port: 10_000 + (id % 50_000) }, pid: 1, fd: 20, openedAt })
    if (orderly) table.progress(id, openedAt, { ...NO_PROGRESS, bytesIn: 5, bytesOut: 5 })
    const how = orderly ? 'fin' : 'reset'
    const reset = orderly ? null : 'peer'
    table.close(id, { at: openedAt + ms, by: 'peer', how, reset, code: null, evidence: null })
    attention.closed(table.get(id))
  }

  test('ten times in a row, with the evidence, until it stops', () => {
    for (let n = 0; n < 9; n++) connect(AT + n * 3_000, 10 + n)
    expect(examine(AT + 24_018)).toEqual([])
    connect(AT + 27_000, 500)
    const evidence = { address: '127.0.0.9', connections: 10, longestMs: 500, clientResets: 10, serverResets: 0 }
    expect(examine(AT + 27_500)).toEqual([{ code: 'reconnecting', since: AT, evidence }])
    expect(attention.examine(AT + 37_500)).toBeNull()
    expect(examine(AT + 37_501)).toEqual([])
  })

  test('with how many of them each side reset, also if the kernel tells it later', () => {
    for (let n = 0; n < 12; n++) {
      connect(AT + n * 100, 10)
      const close = table.get(nextId - 1)?.close
      if (close && n % 3 !== 0) Object.assign(close, { how: 'fin', by: 'server', reset: n % 3 === 1 ? 'server' : null })
    }
    const [problem] = examine(AT + 1_200)
    expect(problem?.evidence).toMatchObject({ connections: 12, clientResets: 4, serverResets: 4 })
  })

  test('ends after ten other connections in a row; fewer neither end it nor count', () => {
    for (let n = 0; n < 10; n++) connect(AT + n * 100, 10)
    for (let n = 0; n < 9; n++) connect(AT + 1_000 + n * 100, 10, '127.0.0.9', n % 2 === 0)
    connect(AT + 2_000, 10, '127.0.0.9', true)
    expect(examine(AT + 2_500)).toMatchObject([{ code: 'reconnecting', since: AT, evidence: { connections: 14 } }])
    for (let n = 0; n < 9; n++) connect(AT + 3_000 + n * 100, 10, '127.0.0.9', true)
    expect(examine(AT + 4_000)).toEqual([])
  })

  test.each([
    ['connections at the same time, which are load', (n: number) => connect(AT + n * 10, 15)],
    ['long connections', (n: number) => connect(AT + n * 3_000, 2_000)],
    ['long pauses', (n: number) => connect(AT + n * 10_011, 10)],
    ['orderly exchanges', (n: number) => connect(AT + n * 100, 10, '127.0.0.9', true)],
    ['different addresses', (n: number) => connect(AT + n * 100, 10, `127.0.1.${n}`)],
  ])('but not %s', (_what, connectOnce) => {
    for (let n = 0; n < 50; n++) connectOnce(n)
    expect(examine(AT + 5_000)).toEqual([])
  })

  test('the worst address is named, and an attacker with many addresses costs little', () => {
    for (let n = 0; n < 12; n++) {
      connect(AT + n * 100, 10, '127.0.0.7')
      if (n < 10) connect(AT + n * 100, 10)
    }
    expect(examine(AT + 1_200)).toMatchObject([{ evidence: { address: '127.0.0.7', connections: 12 } }])
    const flood = () => {
      for (let n = 0; n < 100_000; n++) connect(AT + 2_000 + n, 0, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
    }
    expect(cpuMs(flood)).toBeLessThan(3_000)
    expect(cpuMs(() => examine(AT + 102_000))).toBeLessThan(50)
  })
})

describe('an address that floods the port', () => {
  /** Opens connections, and examines every 500 ms. @returns the problems at the end */
  function open(from: number, to: number, perSecond: Record<string, number>): PortProblem[] {
    for (let now = from; now < to; now += 500) {
      for (const [address, rate] of Object.entries(perSecond))
        for (let n = 0; n < rate / 2; n++) attention.opened(address)
      examine(now + 500)
    }
    return problems
  }

  test('has a notice with its address and rate during the flood, and for 5 s after it', () => {
    examine(AT)
    expect(open(AT, AT + 5_500, { '10.0.0.7': 300, '10.0.0.8': 20, '': 900 })).toEqual([])
    const evidence = { address: '10.0.0.7', connections: 1_800, refused: 0, perSecond: 300, lastAt: AT + 6_000 }
    expect(open(AT + 5_500, AT + 6_000, { '10.0.0.7': 300 })).toEqual([{ code: 'flooding', since: AT, evidence }])
    expect(open(AT + 6_000, AT + 8_000, { '10.0.0.7': 500 })).toMatchObject([
      { since: AT, evidence: { connections: 2_800, perSecond: 500, lastAt: AT + 8_000 } },
    ])
    expect(open(AT + 8_000, AT + 12_500, {})).toHaveLength(1)
    expect(open(AT + 12_500, AT + 14_000, {})).toEqual([])
  })

  test('is one flood, although it slows to half for some seconds', () => {
    examine(AT)
    open(AT, AT + 6_000, { '10.0.0.7': 300 })
    open(AT + 6_000, AT + 16_000, { '10.0.0.7': 60 })
    const [problem] = open(AT + 16_000, AT + 18_000, { '10.0.0.7': 300 })
    expect(problem).toMatchObject({ since: AT, evidence: { connections: 3_000, perSecond: 300 } })
    expect(open(AT + 18_000, AT + 26_000, { '10.0.0.7': 40 })).toEqual([])
  })

  test('has the number of those that were refused, and moves with the clock', () => {
    examine(AT)
    for (let window = 0; window < 3; window++) {
      for (let n = 0; n < 300; n++) attention.opened('10.0.0.7', n < 50)
      examine(AT + (window + 1) * 2_000)
    }
    attention.shift(3_600_000)
    const evidence = { address: '10.0.0.7', connections: 900, refused: 150, perSecond: 150, lastAt: AT + 3_606_000 }
    expect(examine(AT + 3_606_100)).toEqual([{ code: 'flooding', since: AT + 3_600_000, evidence }])
  })

  test('is the one with the highest rate', () => {
    examine(AT)
    const [problem] = open(AT, AT + 7_000, { '10.0.0.1': 150, '10.0.0.2': 400, '10.0.0.3': 200 })
    expect(problem?.evidence.address).toBe('10.0.0.2')
  })

  test('is one problem, also if it connects one at a time: it reconnects, until that is a flood', () => {
    const local = { address: '127.0.0.1', port: 8080 }
    const codes = new Map<string, number>()
    examine(AT)
    for (let ms = 5; ms <= 30_000; ms += 5) {
      if (ms <= 10_000) {
        const remote = { address: '10.0.0.7', port: 10_000 + ms }
        table.accept({ id: ms, local, remote, pid: 1, fd: 20, openedAt: AT + ms })
        attention.opened('10.0.0.7')
        table.close(ms, { at: AT + ms + 2, by: 'peer', how: 'reset', reset: null, code: null, evidence: null })
        attention.closed(table.get(ms))
      }
      if (ms % 500 === 0)
        codes.set(
          examine(AT + ms)
            .map(({ code }) => code)
            .join(),
          ms,
        )
    }
    expect([...codes.keys()].toSorted()).toEqual(['', 'flooding', 'reconnecting'])
    expect(codes.get('reconnecting')).toBeLessThan(6_500)
    expect(codes.get('flooding')).toBeLessThan(18_000)
  })

  test.each([
    ['a burst, however large', { 900: 5_000, 2_100: 5_000 }],
    ['bursts with pauses', { 900: 5_000, 2_100: 5_000, 6_500: 5_000, 8_500: 5_000, 12_500: 5_000 }],
  ])('but not %s', (_what, bursts: Record<number, number>) => {
    examine(AT)
    for (let ms = 100; ms <= 20_000; ms += 100) {
      for (let n = bursts[ms] ?? 0; n > 0; n--) attention.opened('10.0.0.7')
      expect(examine(AT + ms)).toEqual([])
    }
  })

  test('nor many addresses at once, which cost little', () => {
    examine(AT)
    const flood = () => {
      for (let n = 0; n < 200_000; n++) attention.opened(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)
    }
    expect(cpuMs(flood)).toBeLessThan(1_000)
    expect(cpuMs(() => expect(examine(AT + 2_000)).toEqual([]))).toBeLessThan(50)
  })
})

describe('connections that the server does not close', () => {
  function count(now: number, notClosed: number, code: ProblemCode = 'not-closed'): PortProblem[] {
    table.problems.set(code, notClosed)
    return examine(now)
  }

  test('are a problem of the port while their number grows, counted every 5 s', () => {
    for (const [index, notClosed] of [2, 2, 3, 5, 6].entries()) expect(count(AT + index * 5_000, notClosed)).toEqual([])
    expect(count(AT + 24_999, 7)).toEqual([])
    const evidence = { before: 2, connections: 7 }
    expect(count(AT + 25_000, 7)).toEqual([{ code: 'not-closed-growing', since: AT, evidence }])
    expect(count(AT + 30_000, 9)).toMatchObject([{ since: AT, evidence: { before: 2, connections: 9 } }])
    expect(count(AT + 34_999, 0)).toHaveLength(1)
    expect(count(AT + 35_000, 8)).toEqual([])
  })

  test('are none while their number stays, and other problems do not count', () => {
    for (let index = 0; index < 20; index++) {
      expect(count(AT + index * 5_000, 400)).toEqual([])
      expect(count(AT + index * 5_000, index * 100, 'unread')).toEqual([])
    }
  })

  test('no problem of the port comes and goes faster than every 5 s', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ ms: fc.nat(2_000), rise: fc.integer({ min: -1, max: 20 }) })), (steps) => {
        attention = new PortAttention(table)
        let [now, notClosed] = [AT, 0]
        let changedAt = -Infinity
        let before = 0
        for (const { ms, rise } of steps) {
          now += ms
          notClosed = Math.max(0, notClosed + rise)
          table.problems.set('not-closed', notClosed)
          const after = attention.examine(now)?.length ?? before
          if (after !== before) {
            expect(now - changedAt).toBeGreaterThanOrEqual(5_000)
            changedAt = now
          }
          before = after
        }
      }),
    )
  })
})

test('times move with the clock', () => {
  for (let index = 0; index < 6; index++) {
    table.problems.set('not-closed', index * 2)
    examine(AT + index * 5_000)
  }
  for (let now = AT + 25_000; now < AT + 32_000; now += 1_000) {
    for (let n = 0; n < 200; n++) attention.opened('10.0.0.7')
    examine(now)
  }
  expect(problems).toMatchObject([{ code: 'flooding' }, { code: 'not-closed-growing' }])
  const before = problems.map(({ since }) => since + 3_600_000)
  attention.shift(3_600_000)
  table.problems.set('not-closed', 12)
  expect(examine(AT + 3_600_000 + 31_100).map(({ since }) => since)).toEqual(before)
})
