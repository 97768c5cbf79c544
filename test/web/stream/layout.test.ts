import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../shared/payload.ts'
import type { StreamEvent } from '../../../web/stream/events.ts'
import { PAUSE_MS, type Place, StreamLayout } from '../../../web/stream/layout.ts'
import type { ByteFormat, Shown } from '../../../web/stream/view-options.ts'
import { cpuMs } from '../../support/cpu-time.ts'
import { counting, followed, layoutOf, Sender } from './frames.ts'

const VIEWS: readonly ByteFormat[] = ['text', 'hex']

const accept = (at: number): StreamEvent => ({ kind: 'accept', at })
const fin = (at: number): StreamEvent => ({ kind: 'half-close', at, by: 'peer' })
const sampled = (at: number): StreamEvent => ({ kind: 'state', at, state: 'CLOSE_WAIT' })

function places(layout: StreamLayout): Place[] {
  return Array.from({ length: layout.rows }, (_, row) => {
    const place = layout.place(row)
    if (place === undefined) throw new Error(`no row ${row} of ${layout.rows}`)
    return place
  })
}

/** Each row in a few characters: its bytes, its event, or what it says. */
function drawn(layout: StreamLayout): string[] {
  return places(layout).map((place) => {
    if (place.kind === 'pause') return `pause ${place.ms}`
    if (place.kind === 'missing') return `missing ${place.chunk.direction} ${place.bytes}`
    const time =
      place.time === null
        ? ''
        : place.time.together
          ? ' ='
          : ` ${place.time.after === null ? 'at' : '+'}${place.time.after ?? place.time.at}`
    if (place.kind === 'event') return `${place.event.kind}${time}`
    return `${place.chunk.direction} ${place.kind === 'bytes' ? place.start : 'notes'}${time}`
  })
}

/** What happens to a stream: bytes with a pause before them, a drop, or an event. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      direction: fc.constantFrom<Direction>('in', 'out'),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 4, 7, 2_000, PAUSE_MS) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('drop' as const),
      direction: fc.constantFrom<Direction>('in', 'out'),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('event' as const), late: fc.constantFrom(0, 0, -3, 3, 5_000) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
)

test.each(VIEWS)(
  'in the %s view each kept byte is in one row and found by it, and all rows are in order of time',
  (view) => {
    const steps = fc.array(step, { maxLength: 40 })
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 16, max: 90 }),
        fc.constantFrom<Shown>('all', 'in', 'out', 'events'),
        (all, columns, shown) => {
          const sender = new Sender()
          const held = followed()
          const options = { view, shown, columns, eventRows: () => 2 }
          const growing = new StreamLayout(held, options)
          let events: StreamEvent[] = [accept(1000)]
          let now = 1000
          for (const one of all) {
            if (one.kind === 'wait') now += one.ms
            else if (one.kind === 'bytes') held.apply(sender.frame(sender.chunk(one.direction, one.bytes, now)))
            else if (one.kind === 'look') growing.update(events)
            else if (one.kind === 'event') {
              events = [...events, sampled(Math.max(1000, now - one.late))].sort((a, b) => a.at - b.at)
            } else {
              const { from, to } = held.streams[one.direction]
              sender.drop({ [one.direction]: from + Math.floor((to - from) * one.part) })
              held.apply(sender.frame())
            }
          }
          growing.update(events)
          const rows = places(growing)
          expect(rows).toEqual(places(layoutOf(held, options, events)))

          const next = { in: held.streams.in.from, out: held.streams.out.from }
          let at = 0
          let lastEvent = -1
          for (const [row, place] of rows.entries()) {
            if (place.kind !== 'pause') expect(growing.rowOfPlace(place)).toBe(row)
            if (place.kind === 'event') {
              expect(place.index).toBe(place.line === 0 ? ++lastEvent : lastEvent)
              expect(place.event.at).toBeGreaterThanOrEqual(at)
              at = place.event.at
            } else if (place.kind === 'bytes') {
              const { direction } = place.chunk
              expect(place.chunk.at).toBeGreaterThanOrEqual(at)
              at = place.chunk.at
              expect(place.start).toBe(next[direction])
              next[direction] = place.end
              for (let byte = place.start; byte < place.end; byte++) expect(growing.rowOf(direction, byte)).toBe(row)
            }
          }
          for (const direction of ['in', 'out'] as const) {
            const isShown = shown === 'all' || shown === direction
            expect(next[direction]).toBe(held.streams[direction][isShown ? 'to' : 'from'])
          }
          expect(lastEvent).toBe(shown === 'all' || shown === 'events' ? events.length - 1 : -1)
          expect(growing.place(growing.rows)).toBeUndefined()
        },
      ),
      { numRuns: 300 },
    )
  },
)

/** A layout of chunks with these times, all of one byte. */
function timed(chunks: [Direction, number][], events: StreamEvent[], shown: Shown = 'all'): string[] {
  const sender = new Sender()
  const held = followed()
  held.apply(sender.frame(...chunks.map(([direction, at]) => sender.chunk(direction, 'x', at))))
  return drawn(layoutOf(held, { shown }, events))
}

describe('the times of lines', () => {
  test('are those since the line before, after the first', () => {
    const chunks: [Direction, number][] = [
      ['in', 1010],
      ['out', 1010],
      ['in', 3010],
    ]
    expect(timed(chunks, [accept(1000), fin(3020)])).toEqual([
      'accept at1000',
      'in 0 +10',
      'out 0 +0',
      'in 1 +2000',
      'half-close +10',
    ])
  })

  test('after a pause of a minute are times of day, and the pause has a row', () => {
    expect(
      timed(
        [
          ['in', 1000],
          ['in', 61_000],
          ['in', 120_999],
        ],
        [accept(1000), fin(300_000)],
      ),
    ).toEqual([
      'accept at1000',
      'in 0 +0',
      'pause 60000',
      'in 1 at61000',
      'in 2 +59999',
      'pause 179001',
      'half-close at300000',
    ])
  })

  test('of chunks of one direction within 5 ms belong together', () => {
    expect(
      timed(
        [
          ['in', 1000],
          ['in', 1004],
          ['in', 1009],
          ['out', 1010],
        ],
        [],
      ),
    ).toEqual(['in 0 at1000', 'in 1 =', 'in 2 +5', 'out 0 +1'])
  })

  test('of one direction tell of pauses in it', () => {
    const chunks: [Direction, number][] = [
      ['in', 1000],
      ['out', 31_000],
      ['in', 61_000],
    ]
    expect(timed(chunks, [accept(1000)], 'in')).toEqual(['in 0 at1000', 'pause 60000', 'in 1 at61000'])
  })

  test('of events alone tell of no pause: there may be bytes', () => {
    expect(timed([['in', 60_000]], [accept(1000), fin(90_000)], 'events')).toEqual([
      'accept at1000',
      'half-close at90000',
    ])
  })
})

test('of one millisecond, an action comes before bytes and FIN after them', () => {
  const action: StreamEvent = {
    kind: 'action',
    at: 1000,
    action: { at: 1000, kind: 'send', bytes: 1, waiting: 0, code: null, kernel: null, behavior: null },
  }
  expect(
    timed(
      [
        ['out', 1000],
        ['in', 1000],
      ],
      [accept(1000), action, fin(1000)],
    ),
  ).toEqual(['accept at1000', 'action +0', 'out 0 +0', 'in 0 +0', 'half-close +0'])
})

test('bytes that were dropped are missing where they were, and nothing is said about the time between', () => {
  const sender = new Sender()
  const held = followed()
  held.apply(
    sender.frame(
      sender.chunk('in', 'gone', 1000),
      sender.chunk('out', 'kept', 200_000),
      sender.chunk('in', 'lost, kept', 400_000),
    ),
  )
  const layout = layoutOf(held, {}, [accept(1000)])
  sender.drop({ in: 10 })
  held.apply(sender.frame())
  layout.update([accept(1000)])
  expect(drawn(layout)).toEqual(['accept at1000', 'out 0 at200000', 'missing in 10', 'in 10 at400000'])
})

test('an event of a connection whose bytes are all gone tells of no pause', () => {
  const held = followed()
  held.apply({ ...new Sender().frame(), from: { in: 5, out: 0 }, to: { in: 5, out: 0 } })
  expect(drawn(layoutOf(held, {}, [accept(1000), fin(300_000)]))).toEqual(['accept at1000', 'half-close at300000'])
})

test('an event of several rows is one place in each of them', () => {
  const layout = layoutOf(followed('a'), {}, [])
  expect(layout.rows).toBe(1)
  const tall = new StreamLayout(followed('a'), { view: 'text', shown: 'all', columns: 80, eventRows: () => 3 })
  tall.update([accept(0)])
  expect(places(tall).map((place) => (place.kind === 'event' ? place.line : place.kind))).toEqual([0, 1, 2, 'bytes'])
})

describe.each(VIEWS)('131,072 chunks of one byte in the %s view', (view) => {
  const sender = new Sender()
  const held = followed()
  const byte = counting(1)
  const arrive = (count: number): void =>
    held.apply(sender.frame(...Array.from({ length: count }, () => sender.chunk('in', byte))))
  for (let frame = 0; frame < 128; frame++) arrive(1024)

  test('are laid out in less than a frame or two', () => {
    expect(layoutOf(held, { view }).rows).toBe(131_072)
    const fiveTimes = (): void => {
      for (let round = 0; round < 5; round++) layoutOf(held, { view })
    }
    expect(cpuMs(fiveTimes) / 5).toBeLessThan(80)
  })

  test('cost nothing when more come and the oldest go', () => {
    const layout = layoutOf(held, { view })
    const hundredTimes = (): void => {
      for (let round = 0; round < 100; round++) {
        sender.drop({ in: held.streams.in.from + 10 })
        arrive(10)
        layout.update([])
      }
    }
    expect(cpuMs(hundredTimes) / 100).toBeLessThan(2)
    expect(layout.rows).toBe(131_072 + 1)
  })
})
