import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { Attention } from '../../../server/table/attention.ts'
import type { Entry } from '../../../server/table/entry.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import type { Protocol } from '../../../shared/connection.ts'
import type { KernelFacts } from '../../../shared/kernel.ts'
import { NO_PROGRESS } from '../../../shared/record.ts'
import { cpuMs } from '../../support/cpu-time.ts'
import { facts as sampled } from '../../web/live/rows.ts'

const AT = 1_000_000
const FIN = { by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
const STOPPED = { sendQueue: 2_840_000, sendWindow: 0 }
const LOST: Partial<KernelFacts> = {
  sendQueue: 9,
  retransmits: 2,
  timer: { name: 'on', endsAt: AT, unanswered: 2 },
}

let table: ConnectionTable
let attention: Attention

beforeEach(() => {
  table = new ConnectionTable(10)
  attention = new Attention(table)
})

function accept(id = 1): Entry {
  const remote = { address: '127.0.0.1', port: 10_000 + id }
  table.accept({ id, local: { address: '127.0.0.1', port: 8080 }, remote, pid: 1, fd: 20, openedAt: AT })
  const entry = table.get(id)
  if (entry === null) throw new Error('not accepted')
  return entry
}

function sample(
  entry: Entry,
  now: number,
  fields: Partial<KernelFacts> = {},
  counts: { acked?: number; read?: number } = {},
): void {
  table.kernelSampledAt = now
  entry.acked = counts.acked ?? null
  entry.read = counts.read ?? null
  table.kernel(entry, sampled(fields))
  attention.examine(now)
}

test('a client that stopped reading is a problem, with its evidence, counted, and gone with the close', () => {
  const entry = accept()
  sample(entry, AT, STOPPED)
  expect(entry.problem).toBeNull()
  attention.examine(AT + 1_000)
  expect(entry.problem).toEqual({ code: 'peer-not-reading', severity: 'critical', since: AT, evidence: STOPPED })
  expect(table.counters.attention).toBe(1)
  expect(table.problems.get('peer-not-reading')).toBe(1)
  table.close(entry.id, { at: AT + 1, ...FIN })
  expect(entry.problem).toBeNull()
  expect(table.counters.attention).toBe(0)
  expect(table.problems.get('peer-not-reading')).toBe(0)
})

test('CLOSE_WAIT and unread bytes are problems after 2 s', () => {
  const [closing, unread] = [accept(1), accept(2)]
  sample(closing, AT, { tcpState: 'CLOSE_WAIT' })
  sample(unread, AT, { recvQueue: 9 })
  const at = (ms: number) => {
    attention.examine(AT + ms)
    return [closing.problem?.code ?? null, unread.problem?.code ?? null]
  }
  expect(at(1_999)).toEqual([null, null])
  expect(at(2_000)).toEqual(['not-closed', 'unread'])
  expect(closing.problem?.since).toBe(AT)
})

test('CLOSE_WAIT is no problem while the last bytes of the server are still on their way', () => {
  const entry = accept()
  sample(entry, AT, { tcpState: 'CLOSE_WAIT', sendQueue: 9 })
  attention.examine(AT + 5_000)
  expect(entry.problem).toBeNull()
  for (let ms = 5_000; ms <= 9_000; ms += 500) {
    table.progress(entry.id, AT + ms, { ...NO_PROGRESS, halfClosedAt: AT, bytesOut: ms })
    sample(entry, AT + ms, { tcpState: 'CLOSE_WAIT' })
    expect(entry.problem).toBeNull()
  }
  attention.examine(AT + 11_000)
  expect(entry.problem).toMatchObject({ code: 'not-closed', since: AT + 9_000 })
})

test('CLOSE_WAIT of a client that was idle for long lasts from the sample that found it, not from the last activity', () => {
  const entry = accept()
  const later = AT + 120_000
  sample(entry, later, { tcpState: 'CLOSE_WAIT' })
  expect(entry.problem).toBeNull()
  attention.examine(later + 1_999)
  expect(entry.problem).toBeNull()
  attention.examine(later + 2_000)
  expect(entry.problem).toMatchObject({ code: 'not-closed', since: later })
})

test('a FIN that the server has read counts from its own time, although a sample shows it later', () => {
  const entry = accept()
  table.progress(entry.id, AT, { ...NO_PROGRESS, halfClosedAt: AT })
  sample(entry, AT + 1_500, { tcpState: 'CLOSE_WAIT' })
  attention.examine(AT + 2_000)
  expect(entry.problem).toMatchObject({ code: 'not-closed', since: AT })
})

test('after bytes that waited for long, the server has not closed only since a sample found them acknowledged', () => {
  const entry = accept()
  table.progress(entry.id, AT, { ...NO_PROGRESS, halfClosedAt: AT })
  sample(entry, AT + 100, { tcpState: 'CLOSE_WAIT', sendQueue: 9 })
  sample(entry, AT + 60_000, { tcpState: 'CLOSE_WAIT' })
  expect(entry.problem).toBeNull()
  attention.examine(AT + 62_000)
  expect(entry.problem).toMatchObject({ code: 'not-closed', since: AT + 60_000 })
})

test('unread bytes of a connection whose reading was stopped on request are no problem', () => {
  const entry = accept()
  table.progress(entry.id, AT, { ...NO_PROGRESS, readingPaused: true })
  sample(entry, AT, { recvQueue: 9 })
  attention.examine(AT + 5_000)
  expect(entry.problem).toBeNull()
})

test('without the kernel, a half-close of over 2 s is still found', () => {
  const entry = accept()
  table.progress(entry.id, AT, { ...NO_PROGRESS, halfClosedAt: AT })
  attention.examine(AT)
  attention.examine(AT + 2_000)
  expect(entry.problem).toMatchObject({ code: 'not-closed', severity: 'warning', since: AT })
})

test('TLS to a port that speaks plain text, and the head of a request that never ends', () => {
  const [tls, http, done] = [accept(1), accept(2), accept(3)]
  const says = (entry: Entry, protocol: Protocol, readingPaused = false) =>
    table.progress(entry.id, AT, { ...NO_PROGRESS, protocol, readingPaused })
  says(tls, { name: 'TLS', serverName: 'example.com' })
  says(http, { name: 'HTTP', serverName: null, unfinished: true })
  says(done, { name: 'HTTP', serverName: null })
  const at = (ms: number) => {
    attention.examine(AT + ms)
    return [tls, http, done].map(({ problem }) => problem?.code ?? null)
  }
  expect(at(0)).toEqual([null, null, null])
  expect(at(1_000)).toEqual(['tls-to-plain', null, null])
  expect(at(4_999)).toEqual(['tls-to-plain', null, null])
  expect(at(5_000)).toEqual(['tls-to-plain', 'unfinished-request', null])
  says(http, { name: 'HTTP', serverName: null })
  expect(at(6_000)).toEqual(['tls-to-plain', 'unfinished-request', null])
  expect(at(7_001)).toEqual(['tls-to-plain', null, null])
  says(http, { name: 'HTTP', serverName: null, unfinished: true }, true)
  at(8_000)
  expect(at(20_000)).toEqual(['tls-to-plain', null, null])
})

test('20,000 clients that become sick at once are examined in a moment, and then written at most once a second', () => {
  const count = 20_000
  table = new ConnectionTable(10)
  attention = new Attention(table)
  const entries = Array.from({ length: count }, (_, i) => accept(i + 1))
  for (const entry of entries) table.kernel(entry, sampled(STOPPED))
  const before = table.seq
  expect(cpuMs(() => attention.examine(AT))).toBeLessThan(300)
  expect(cpuMs(() => attention.examine(AT + 1_000))).toBeLessThan(300)
  expect(table.counters.attention).toBe(count)
  expect(table.seq).toBe(before + count)
  for (let ms = 1_100; ms < 2_000; ms += 100) {
    entries.forEach((entry, i) => (entry.kernel = sampled({ ...STOPPED, sendQueue: STOPPED.sendQueue + i + ms })))
    expect(cpuMs(() => attention.examine(AT + ms))).toBeLessThan(300)
  }
  expect(table.seq).toBe(before + count)
  attention.examine(AT + 2_000)
  expect(table.seq).toBe(before + 2 * count)
})

test('a client that reads slowly has its window closed at times, and is no problem', () => {
  const entry = accept()
  for (let ms = 0; ms <= 5_000; ms += 500) {
    sample(entry, AT + ms, STOPPED, { acked: Math.floor(ms / 1_000) })
    expect(entry.problem).toBeNull()
  }
})

test('without the count of acknowledged bytes, a send queue that shrinks tells that the client reads', () => {
  const entry = accept()
  for (let ms = 0; ms <= 5_000; ms += 500) {
    sample(entry, AT + ms, { ...STOPPED, sendQueue: STOPPED.sendQueue - (ms % 1_000) })
    expect(entry.problem).toBeNull()
  }
})

test('a program that reads, and has new bytes waiting at each sample, leaves none unread', () => {
  const entry = accept()
  for (let ms = 0; ms <= 5_000; ms += 500) {
    sample(entry, AT + ms, { recvQueue: 9_000 + ms }, { read: (2 ** 32 - 4_000 + 4 * ms) % 2 ** 32 })
    expect(entry.problem).toBeNull()
  }
})

test('a server whose answers wait for the client is not to blame for what it does not read', () => {
  const entry = accept()
  for (let ms = 0; ms <= 5_000; ms += 500) {
    // The window opens for a moment, so the client seems to read.
    sample(
      entry,
      AT + ms,
      { recvQueue: 9_000, sendQueue: 5_000, sendWindow: ms === 4_000 ? 1_000 : 0 },
      { acked: ms < 4_000 ? 1 : 2 },
    )
    expect(entry.problem?.code).not.toBe('unread')
  }
})

test('without the count of received bytes, a receive queue that shrinks tells that the program reads', () => {
  const entry = accept()
  for (let ms = 0; ms <= 5_000; ms += 500) {
    sample(entry, AT + ms, { recvQueue: 9_000 - (ms % 1_000) })
    expect(entry.problem).toBeNull()
  }
})

test('a program that reads nothing leaves bytes unread, however many more arrive; it is well 2 s after it reads', () => {
  const entry = accept()
  for (let ms = 0; ms <= 5_000; ms += 500) sample(entry, AT + ms, { recvQueue: 9_000 + ms }, { read: 1 })
  expect(entry.problem).toMatchObject({ code: 'unread', since: AT })
  for (let ms = 5_500; ms < 7_000; ms += 500) sample(entry, AT + ms, { recvQueue: 9_000 }, { read: ms })
  expect(entry.problem?.code).toBe('unread')
  sample(entry, AT + 7_000, { recvQueue: 9_000 }, { read: 7_000 })
  expect(entry.problem).toBeNull()
})

test('a client that stopped reading stays one while the server writes, however much newer the record is than the sample', () => {
  const entry = accept()
  for (let ms = 0; ms <= 5_000; ms += 500) {
    const newer = ms * 2
    table.progress(entry.id, AT + ms, { ...NO_PROGRESS, bytesOut: 5_000 + ms + newer })
    sample(entry, AT + ms, { sendQueue: 1_000 + ms, sendWindow: 0 }, { acked: 4_000 })
    attention.examine(AT + ms + 250)
  }
  expect(entry.problem).toMatchObject({ code: 'peer-not-reading', since: AT })
})

test('a problem that comes and goes ten times a second stays, and is over 2 s after it was last found', () => {
  const entry = accept()
  for (let ms = 0; ms <= 3_000; ms += 100) {
    sample(entry, AT + ms, (ms / 100) % 2 === 0 ? LOST : {})
    expect(entry.problem?.code).toBe('retransmitting')
  }
  sample(entry, AT + 3_001)
  const { seq } = table
  attention.examine(AT + 4_999)
  expect([entry.problem?.code, table.seq]).toEqual(['retransmitting', seq])
  attention.examine(AT + 5_000)
  expect(entry.problem).toBeNull()
})

test('the evidence of a lasting problem changes once a second at most', () => {
  const entry = accept()
  for (let ms = 0; ms < 1_000; ms += 100) sample(entry, AT + ms, { ...LOST, sendQueue: 1 + ms })
  expect(entry.problem?.evidence).toEqual({ sendQueue: 1, retransmits: 2 })
  sample(entry, AT + 1_000, { ...LOST, sendQueue: 7 })
  expect(entry.problem?.evidence).toEqual({ sendQueue: 7, retransmits: 2 })
})

test('times move with the clock', () => {
  const entry = accept()
  sample(entry, AT, { tcpState: 'CLOSE_WAIT' })
  table.shift(3_600_000)
  attention.shift(3_600_000)
  attention.examine(AT + 3_600_000 + 1_999)
  expect(entry.problem).toBeNull()
  attention.examine(AT + 3_600_000 + 2_000)
  expect(entry.problem?.since).toBe(AT + 3_600_000)
})

test('the counts are those of the records, whatever happens', () => {
  const kinds = fc.constantFrom<Partial<KernelFacts>>({}, STOPPED, LOST, { recvQueue: 5 }, { tcpState: 'CLOSE_WAIT' })
  const step = fc.record({ id: fc.integer({ min: 1, max: 4 }), ms: fc.nat(12_000), kind: kinds, close: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      table = new ConnectionTable(10)
      attention = new Attention(table)
      const entries = [1, 2, 3, 4].map((id) => accept(id))
      let now = AT
      for (const { id, ms, kind, close } of steps) {
        const entry = entries[id - 1]
        if (entry === undefined) continue
        now += ms
        if (close && ms % 5 === 0) table.close(id, { at: now, ...FIN })
        sample(entry, now, kind)
        const sick = entries.filter(({ problem }) => problem !== null)
        expect(table.counters.attention).toBe(sick.length)
        expect(sick.every((one) => one.close === null)).toBe(true)
        for (const [code, count] of table.problems) {
          expect(sick.filter(({ problem }) => problem?.code === code)).toHaveLength(count)
        }
      }
    }),
  )
})
