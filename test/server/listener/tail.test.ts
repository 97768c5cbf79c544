import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Capture, Captures } from '../../../server/listener/capture.ts'
import { Payloads } from '../../../server/listener/payloads.ts'
import type { ChunkTuple, PayloadPart } from '../../../server/listener/asks.ts'
import type { Direction } from '../../../shared/payload.ts'

const EVERYTHING = Number.MAX_SAFE_INTEGER

const START = { in: 0, out: 0 }
const TOTAL_BYTES = 64 * 1024 * 1024

/** The complete capture of a connection. */
function partOf(capture: Capture): Pick<PayloadPart, 'chunks' | 'from' | 'to'> {
  const chunks = [...capture.since(0)].map(({ n, at, direction, offset, bytes }): ChunkTuple => [
    n,
    at,
    direction,
    offset,
    bytes.toString('base64'),
  ])
  return {
    chunks,
    from: { in: capture.in.from, out: capture.out.from },
    to: { in: capture.in.to, out: capture.out.to },
  }
}

/** A simple model: all chunks of one connection. */
class Model {
  readonly chunks: { n: number; direction: Direction; offset: number; bytes: Buffer }[] = []
  readonly to = { in: 0, out: 0 }

  add(direction: Direction, bytes: Buffer): void {
    this.chunks.push({ n: this.chunks.length + 1, direction, offset: this.to[direction], bytes })
    this.to[direction] += bytes.length
  }

  /** The chunks after number `after`, cut to the offsets `from` of each direction. */
  since(after: number, from: Record<Direction, number>): ChunkTuple[] {
    return this.chunks.flatMap(({ n, direction, offset, bytes }): ChunkTuple[] => {
      const cut = Math.max(0, from[direction] - offset)
      if (n <= after || cut >= bytes.length) return []
      return [[n, n, direction, offset + cut, bytes.subarray(cut).toString('base64')]]
    })
  }
}

/** Lengths: one byte, one read's worth, and many in between. */
const lengths = fc.oneof(fc.constant(1), fc.nat(40), fc.nat(5_000), fc.nat(70_000)).map((length) => Math.max(1, length))
const direction = fc.constantFrom('in' as const, 'out' as const)

function filled(length: number, seed: number): Buffer {
  return Buffer.alloc(length, Buffer.from([seed, seed >> 8, length, 7, 11]))
}

test('whatever comes, exactly the newest bytes of each direction are there, in their chunks', () => {
  const limits = fc.constantFrom(1, 10, 255, 256, 4_095, 4_096, 65_536, 300_000)
  const chunks = fc.array(fc.record({ direction, length: lengths }), { maxLength: 120 })
  fc.assert(
    fc.property(limits, chunks, fc.nat(120), fc.integer({ min: 1, max: 200_000 }), (limit, list, after, maxBytes) => {
      const payloads = new Payloads(limit)
      const model = new Model()
      let capture: Capture | null = null
      for (const { direction, length } of list) {
        const before = { ...model.to }
        model.add(direction, filled(length, model.chunks.length))
        const { n, bytes } = model.chunks.at(-1) ?? expect.unreachable()
        capture = payloads.keep(capture, 1, n, n, direction, bytes, before.in, before.out)
      }
      const from = { in: Math.max(0, model.to.in - limit), out: Math.max(0, model.to.out - limit) }
      const whole = payloads.read(1, model.to, after, EVERYTHING)
      expect(whole).toEqual({ chunks: model.since(after, from), from, to: model.to, more: false })

      const read: ChunkTuple[] = []
      for (let more = true; more;) {
        const part = payloads.read(1, model.to, read.at(-1)?.[0] ?? after, maxBytes) ?? expect.unreachable()
        read.push(...part.chunks)
        more = part.more
      }
      expect(read, 'the same in parts').toEqual(whole?.chunks)
      const closed = payloads.read(1, null, after, EVERYTHING)
      expect(closed, 'the same after its close').toEqual(list.length === 0 ? null : whole)
    }),
  )
})

test('together they keep at most the total: the longest idle one loses all its bytes before the next loses any', () => {
  const TOTAL = 200_000
  const step = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({ do: fc.constant('keep' as const), id: fc.nat(9), direction, length: lengths }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), id: fc.nat(9) }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const captures = new Captures(30_000, TOTAL)
      const open = new Map<number, Capture>()
      const models = new Map<number, Model>()
      let quietFirst: number[] = []
      for (const step of steps) {
        const model = models.get(step.id) ?? new Model()
        const capture = open.get(step.id) ?? (models.has(step.id) ? null : captures.begin(step.id, START))
        models.set(step.id, model)
        if (capture === null) continue
        open.set(step.id, capture)
        if (step.do === 'end') {
          captures.end(capture)
          open.delete(step.id)
          continue
        }
        model.add(step.direction, filled(step.length, step.id))
        const { n, bytes } = model.chunks.at(-1) ?? expect.unreachable()
        captures.keep(capture, n, n, step.direction, bytes)
        quietFirst = [...quietFirst.filter((id) => id !== step.id), step.id]
        expect(captures.used).toBeLessThanOrEqual(TOTAL)
      }
      let othersMustBeWhole = false
      for (const id of quietFirst) {
        const model = models.get(id) ?? expect.unreachable()
        const capture = captures.get(id)
        if (capture === null) {
          expect(open.has(id)).toBe(false)
          expect(othersMustBeWhole).toBe(false)
          continue
        }
        const part = partOf(capture)
        expect(part.chunks).toEqual(model.since(0, part.from))
        expect(part.to).toEqual(model.to)
        const whole =
          part.from.in === Math.max(0, part.to.in - 30_000) && part.from.out === Math.max(0, part.to.out - 30_000)
        if (othersMustBeWhole) expect(whole, `${id} has spoken after one that still has bytes`).toBe(true)
        if (part.chunks.length > 0) othersMustBeWhole = true
      }
      // All end and others evict them: evicted captures must not count.
      for (const capture of open.values()) captures.end(capture)
      const fresh = new Captures(30_000, TOTAL)
      for (const store of [captures, fresh]) {
        for (let id = 100; id < 120; id++) {
          const capture = store.begin(id, START)
          store.keep(capture, 1, 1, 'in', Buffer.alloc(30_000))
          store.end(capture)
        }
      }
      expect(captures.used).toBe(fresh.used)
    }),
    { numRuns: 100 },
  )
})

test('65,536 chunks of one byte take some 2 MB, 20,000 connections with more than a word each 20 MB', () => {
  const captures = new Captures(65_536, TOTAL_BYTES)
  const one = captures.begin(1, START)
  for (let i = 0; i < 100_000; i++) captures.keep(one, i, i, 'in', Buffer.from([i]))
  expect(captures.used).toBeLessThan(2.2e6)

  const crowd = new Captures(65_536, TOTAL_BYTES)
  for (let id = 1; id <= 20_000; id++) crowd.keep(crowd.begin(id, START), 1, id, 'in', Buffer.alloc(200))
  expect(crowd.used).toBeLessThan(20e6)
})

test('of many connections with one word each the newest 65,536 words are kept whole, the others dropped', () => {
  const payloads = new Payloads(100)
  const word = (id: number): Buffer => Buffer.from(`word ${id}`)
  for (let id = 1; id <= 70_000; id++) payloads.keep(null, id, 1, id, 'in', word(id), 0, 0)
  for (const id of [1, 70_000 - 65_536]) {
    expect(payloads.read(id, null, 0, EVERYTHING)).toBeNull()
    const to = { in: word(id).length, out: 0 }
    expect(payloads.read(id, to, 0, EVERYTHING), 'still open').toEqual({ chunks: [], from: to, to, more: false })
  }
  for (const id of [70_000 - 65_535, 70_000]) {
    const part = payloads.read(id, null, 0, EVERYTHING)
    expect(part?.chunks).toEqual([[1, id, 'in', 0, word(id).toString('base64')]])
  }
})
