import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../../shared/payload.ts'
import { Annotations, ANNOTATIONS_MAX } from '../../../../web/stream/decode/annotations.ts'
import { cpuMs } from '../../../support/cpu-time.ts'
import { followed, layoutOf, type Part, Sender } from '../frames.ts'
import { annotations, arriving, encode, labels, message, record } from './decoded.ts'

const BEGINNINGS = [
  'GET / HTTP/1.1\r\n',
  'HTTP/1.1 200 OK\r\n',
  'content-length: 3\r\n',
  'transfer-encoding: chunked\r\n',
  '\r\n',
  '*2\r\n',
  '$4\r\nPING\r\n',
  '$999999999\r\n',
  '+OK\r\n',
  ':1\r\n',
  '*-1\r\n',
  '%1\r\n',
  '{"a":1}\n',
  '[[',
  '{',
  '\n',
  'a\r\n',
  '0\r\n',
]

/** Bytes in which beginnings of messages are likely. */
const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.constantFrom(...BEGINNINGS).map(encode),
      fc
        .tuple(fc.constantFrom(20, 21, 22, 23), fc.nat(5), fc.array(fc.nat(255), { maxLength: 20 }))
        .map((all) => record(...all)),
      fc.tuple(fc.constantFrom(1, 2, 11, 99), fc.nat(9)).map((all) => record(22, 3, message(...all))),
    ),
    { maxLength: 25 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part))))

const CONVERSATIONS: Record<string, Uint8Array> = {
  HTTP: encode(
    'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbodyGET /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /c HTTP/1.1\r\n\r\n',
  ),
  TLS: Uint8Array.of(
    ...record(22, 1, message(1, 90)),
    ...record(22, 3, [...message(11, 30), ...message(16, 10)]),
    ...record(20, 3, [1]),
    ...record(22, 3, [9, 9, 9, 9]),
    ...record(23, 3, [1, 2, 3]),
  ),
  Redis: encode('*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\n*1\r\n$4\r\nPING\r\nPING\r\n'),
  JSON: encode('{"op":"hello","id":1}\n{"op":"ping"}\n[1,2]\r\n'),
}

describe.each(Object.entries(CONVERSATIONS))('of %s', (_, all) => {
  const whole = annotations([all])

  test('the same is found however the bytes are cut', () => {
    expect(whole.length).toBeGreaterThan(2)
    for (const length of [1, 2, 3, 7, 50]) expect(arriving(all, length)).toEqual(whole)
  })

  test('every beginning finds the first of what the whole does', () => {
    for (let end = 0; end <= all.length; end++) {
      const found = annotations([all.subarray(0, end)])
      expect(found).toEqual(whole.slice(0, found.length))
      for (const { to } of found) expect(to).toBeLessThanOrEqual(end)
    }
  })

  test('a byte that is wrong ends nothing but what it is in', () => {
    fc.assert(
      fc.property(fc.nat(all.length - 1), fc.nat(255), (at, byte) => {
        const broken = all.with(at, byte)
        const before = whole.filter(({ to }) => to <= at)
        expect(annotations([broken]).slice(0, before.length)).toEqual(before)
      }),
      { numRuns: 300 },
    )
  })
})

test('whatever the decoders find, every byte is in the rows, in order', () => {
  const part = fc.tuple(
    fc.constantFrom<Direction>('in', 'out'),
    bytes.filter((all) => all.length > 0),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.integer({ min: 16, max: 80 }), (parts: Part[], columns) => {
      const held = followed(...parts)
      const found = new Annotations(held)
      const layout = layoutOf(held, { columns })
      layout.update([], found.update())
      const next = { in: 0, out: 0 }
      for (let row = 0; row < layout.rows; row++) {
        const place = layout.place(row)
        if (place?.kind !== 'bytes') continue
        expect(place.start).toBe(next[place.chunk.direction])
        next[place.chunk.direction] = place.end
      }
      expect(next).toEqual({ in: held.streams.in.to, out: held.streams.out.to })
    }),
    { numRuns: 500 },
  )
})

test('whatever the bytes and their order are, annotations are in order and inside the bytes', () => {
  const part = fc.tuple(
    fc.constantFrom<Direction>('in', 'out'),
    bytes.filter((all) => all.length > 0),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts: Part[]) => {
      const held = followed(...parts)
      const found = new Annotations(held)
      for (const direction of ['in', 'out'] as const) {
        let last = -1
        for (const { from, to, label } of found.between(direction, 0, Infinity)) {
          expect(from).toBeGreaterThan(last)
          expect(to).toBeGreaterThan(from)
          expect(to).toBeLessThanOrEqual(held.streams[direction].to)
          expect(label).toMatch(/^(?:HTTP|TLS|Redis|JSON) ./)
          expect(label.length).toBeLessThan(700)
          last = from
        }
      }
    }),
    { numRuns: 1_000 },
  )
})

test('the annotations of bytes that are no longer kept are forgotten, and decoding continues after a gap', () => {
  const sender = new Sender()
  const held = followed()
  const found = new Annotations(held)
  held.apply(sender.frame(sender.chunk('in', '{"a":1}\n{"b":1}\n{"unfinished":')))
  expect(found.between('in', 0, Infinity).map(({ label }) => label)).toEqual(['JSON {a}', 'JSON {b}'])
  sender.drop({ in: 8 })
  held.apply(sender.frame())
  expect(found.between('in', 0, Infinity).map(({ label }) => label)).toEqual(['JSON {b}'])
  // These bytes come and go unseen.
  sender.chunk('in', 'x'.repeat(100))
  const next = sender.chunk('in', '{"c":1}\n')
  sender.drop({ in: next.offset })
  held.apply(sender.frame(next))
  expect(found.between('in', 0, Infinity).map(({ label }) => label)).toEqual(['JSON {c}'])
})

test('at most a fixed number of annotations is kept, the newest ones', () => {
  const count = ANNOTATIONS_MAX + 10
  const found = annotations(['{}\n'.repeat(count)])
  expect(found).toHaveLength(ANNOTATIONS_MAX)
  expect(found.at(-1)?.to).toBe(count * 3)
})

describe('takes linear time', () => {
  const repeated = (unit: string, length: number): Uint8Array => encode(unit.repeat(Math.ceil(length / unit.length)))
  test.each([
    ['objects that never end', '{'],
    ['arrays that never end', '[['],
    ['lines of no protocol', 'hello\n'],
    ['a line without an end', 'A'],
    ['requests without an end', 'GET / HTTP/1.1 '],
    ['requests', 'GET / HTTP/1.1\r\n'],
    ['nested commands', '*9\r\n$1\r\nx\r\n'],
    ['arrays of arrays', '*9\r\n'],
    ['records of one byte', '\x16\x03\x03\0\x01\x01'],
    ['records that are none', '\x16\x03'],
    ['zeros', '\0'],
  ])('%s', (_, unit) => {
    const [small, large] = [repeated(unit, 50_000), repeated(unit, 400_000)]
    const time = (all: Uint8Array): number => cpuMs(() => void annotations([...cutInto(all, 1_000), ['out', all]]))
    time(small)
    // Quadratic time would be 64 times as long. A collection of garbage may fall into one of the runs.
    const most = Math.max(time(small), 4) * 8 * 4
    const first = time(large)
    expect(first < most ? first : time(large)).toBeLessThan(most)
  })

  function cutInto(all: Uint8Array, length: number): Uint8Array[] {
    return Array.from({ length: Math.ceil(all.length / length) }, (_, index) =>
      all.subarray(index * length, (index + 1) * length),
    )
  }
})

test('labels are found by the rows in which they begin', () => {
  const found = new Annotations(followed('{"a":1}\n{"b":1}\n'))
  expect(found.between('in', 0, 8).map(({ label }) => label)).toEqual(['JSON {a}'])
  expect(found.between('in', 1, 8)).toEqual([])
  expect(found.between('in', 8, 16).map(({ label }) => label)).toEqual(['JSON {b}'])
  expect(found.between('out', 0, 100)).toEqual([])
  expect(labels([])).toEqual([])
})
