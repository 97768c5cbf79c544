import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Direction } from '../../../shared/payload.ts'
import { StreamLayout } from '../../../web/stream/layout.ts'
import type { ByteFormat } from '../../../web/stream/view-options.ts'
import { cpuMs } from '../../support/cpu-time.ts'
import { counting, followed, Sender } from './frames.ts'

const VIEWS: readonly ByteFormat[] = ['text', 'hex']

test.each(VIEWS)('in the %s view each byte is in one row, and that row is found by the byte', (view) => {
  const chunks = fc.array(
    fc.tuple(fc.constantFrom<Direction>('in', 'out'), fc.uint8Array({ minLength: 1, maxLength: 80 })),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(chunks, fc.integer({ min: 16, max: 90 }), (all, columns) => {
      const held = followed(...all)
      const layout = new StreamLayout(held, { view, shown: 'both', columns })
      const next = { in: 0, out: 0 }
      for (let row = 0; row < layout.rows; row++) {
        const place = layout.place(row)
        if (!place) throw new Error(`no row ${row} of ${layout.rows}`)
        if (place.head) {
          expect(layout.headOf(place.chunk)).toBe(row)
          continue
        }
        const { direction } = place.chunk
        expect(place.start).toBe(next[direction])
        next[direction] = place.end
        for (let at = place.start; at < place.end; at++) expect(layout.rowOf(direction, at)).toBe(row)
      }
      expect(next).toEqual({ in: held.streams.in.to, out: held.streams.out.to })
      expect(layout.place(layout.rows)).toBeUndefined()
    }),
  )
})

test('one direction has only its own chunks, and gaps between those', () => {
  const held = followed('a', ['out', 'b'], 'c')
  const layout = new StreamLayout(held, { view: 'text', shown: 'in', columns: 80 })
  expect(layout.chunks.map(({ n }) => n)).toEqual([1, 3])
  expect(layout.place(2)).toMatchObject({ head: true, chunk: { n: 3 }, previous: { n: 1 } })
})

test.each(VIEWS)('131,072 chunks of one byte are laid out in the %s view in less than a frame or two', (view) => {
  const sender = new Sender()
  const held = followed()
  const byte = counting(1)
  for (let frame = 0; frame < 128; frame++)
    held.apply(sender.frame(...Array.from({ length: 1024 }, () => sender.chunk('in', byte))))
  const options = { view, shown: 'both', columns: 80 } as const
  expect(new StreamLayout(held, options).rows).toBe(262_144)
  const fiveTimes = (): void => {
    for (let round = 0; round < 5; round++) new StreamLayout(held, options)
  }
  expect(cpuMs(fiveTimes) / 5).toBeLessThan(50)
})
