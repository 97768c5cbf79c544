import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Capture, Captures } from '../../../server/listener/capture.ts'
import type { ChunkTuple } from '../../../server/listener/asks.ts'
import type { Direction } from '../../../shared/payload.ts'

const EVERYTHING = Number.MAX_SAFE_INTEGER

/** All that went through one connection, kept in the simplest way. */
class Model {
  readonly chunks: { n: number; direction: Direction; offset: number; bytes: Buffer }[] = []
  readonly to = { in: 0, out: 0 }

  add(direction: Direction, bytes: Buffer): void {
    this.chunks.push({ n: this.chunks.length + 1, direction, offset: this.to[direction], bytes })
    this.to[direction] += bytes.length
  }

  /** The chunks after `after`, of each direction what comes at or after `from`. */
  since(after: number, from: Record<Direction, number>): ChunkTuple[] {
    return this.chunks.flatMap(({ n, direction, offset, bytes }): ChunkTuple[] => {
      const cut = Math.max(0, from[direction] - offset)
      if (n <= after || cut >= bytes.length) return []
      return [[n, n, direction, offset + cut, bytes.subarray(cut).toString('base64')]]
    })
  }
}

/** Some of one byte, some as long as what a read brings, many between. */
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
      const captures = new Captures(limit)
      const capture = captures.begin(1)
      const model = new Model()
      for (const { direction, length } of list) {
        model.add(direction, filled(length, model.chunks.length))
        const { n, bytes } = model.chunks.at(-1) ?? expect.unreachable()
        captures.keep(capture, direction, n, bytes)
      }
      const from = { in: Math.max(0, model.to.in - limit), out: Math.max(0, model.to.out - limit) }
      const whole = captures.read(1, after, EVERYTHING)
      expect(whole).toEqual({ chunks: model.since(after, from), from, to: model.to, more: false })

      const read: ChunkTuple[] = []
      for (let more = true; more;) {
        const part = captures.read(1, read.at(-1)?.[0] ?? after, maxBytes) ?? expect.unreachable()
        read.push(...part.chunks)
        more = part.more
      }
      expect(read, 'the same in parts').toEqual(whole?.chunks)
      const first = Buffer.concat(model.chunks.filter((c) => c.direction === 'in').map(({ bytes }) => bytes))
      expect(capture.in.beginning(100)).toEqual(from.in > 0 ? Buffer.alloc(0) : first.subarray(0, 100))
    }),
  )
})

test('together they take no more than the total, and whoever was quiet for longest has lost all before the next loses any', () => {
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
        const capture = open.get(step.id) ?? (models.has(step.id) ? null : captures.begin(step.id))
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
        captures.keep(capture, step.direction, n, bytes)
        quietFirst = [...quietFirst.filter((id) => id !== step.id), step.id]
        expect(captures.used).toBeLessThanOrEqual(TOTAL)
      }
      let othersMustBeWhole = false
      for (const id of quietFirst) {
        const model = models.get(id) ?? expect.unreachable()
        const part = captures.read(id, 0, EVERYTHING)
        if (part === null) {
          expect(open.has(id)).toBe(false)
          expect(othersMustBeWhole).toBe(false)
          continue
        }
        expect(part.chunks).toEqual(model.since(0, part.from))
        expect(part.to).toEqual(model.to)
        const whole =
          part.from.in === Math.max(0, part.to.in - 30_000) && part.from.out === Math.max(0, part.to.out - 30_000)
        if (othersMustBeWhole) expect(whole, `${id} has spoken after one that still has bytes`).toBe(true)
        if (part.chunks.length > 0) othersMustBeWhole = true
      }
      // All end, and others push them out: nothing is charged for those that are gone.
      for (const capture of open.values()) captures.end(capture)
      const fresh = new Captures(30_000, TOTAL)
      for (const store of [captures, fresh]) {
        for (let id = 100; id < 120; id++) {
          const capture = store.begin(id)
          store.keep(capture, 'in', 1, Buffer.alloc(30_000))
          store.end(capture)
        }
      }
      expect(captures.used).toBe(fresh.used)
    }),
    { numRuns: 100 },
  )
})

test('65,536 chunks of one byte take some 2 MB, 20,000 connections with a word each 20 MB', () => {
  const captures = new Captures(65_536)
  const one = captures.begin(1)
  for (let i = 0; i < 100_000; i++) captures.keep(one, 'in', i, Buffer.from([i]))
  expect(captures.used).toBeLessThan(2.2e6)

  const crowd = new Captures(65_536)
  for (let id = 1; id <= 20_000; id++) crowd.keep(crowd.begin(id), 'in', id, Buffer.alloc(16))
  expect(crowd.used).toBeLessThan(20e6)
})
