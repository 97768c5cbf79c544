import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../shared/payload.ts'
import { isSampled, type Repeats, type StreamEvent } from '../../../web/stream/events.ts'
import { PAUSE_MS } from '../../../web/stream/gaps.ts'
import { StreamLayout } from '../../../web/stream/layout.ts'
import type { ByteFormat, Shown } from '../../../web/stream/view-options.ts'
import { cpuMs } from '../../support/cpu-time.ts'
import { accept, counting, fin, followed, layoutOf, places, Sender, timed } from './frames.ts'

/** An event that stands for several takes another row. */
const eventRows = (_event: StreamEvent, { count }: Repeats) => (count === 1 ? 2 : 3)
const isRepeat = (event: StreamEvent, before: StreamEvent) => event.kind === 'action' && before.kind === 'action'

const VIEWS: readonly ByteFormat[] = ['text', 'hex']

const sampled = (at: number): StreamEvent => ({ kind: 'state', at, state: 'CLOSE_WAIT' })
const refused = (at: number): StreamEvent => ({
  kind: 'action',
  at,
  action: { at, kind: 'send', bytes: 1, waiting: 9, code: 'SEND_QUEUE_FULL', kernel: null, behavior: null },
})

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
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      late: fc.constantFrom(0, 0, -3, 3, 5_000),
      make: fc.constantFrom(sampled, refused, refused, refused),
    }),
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
          const options = { view, shown, columns, eventRows, isRepeat }
          const growing = new StreamLayout(held, options)
          let events: StreamEvent[] = [accept(1000)]
          let now = 1000
          for (const one of all) {
            if (one.kind === 'wait') now += one.ms
            else if (one.kind === 'bytes') held.apply(sender.frame(sender.chunk(one.direction, one.bytes, now)))
            else if (one.kind === 'look') growing.update(events)
            else if (one.kind === 'event') {
              const added = one.make(Math.max(1000, now - one.late))
              // Of one millisecond, what a sample found comes last, as in `eventsOf`.
              events = [...events, added].sort((a, b) => a.at - b.at || +isSampled(a) - +isSampled(b))
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
              const { index, line, repeats, event } = place
              if (line === 0) {
                const shared = events.slice(index, index + repeats.count)
                expect(shared.slice(1).every((other) => isRepeat(other, event))).toBe(true)
                expect(index).toBe(lastEvent + 1)
                lastEvent += repeats.count
                expect(event.at).toBeGreaterThanOrEqual(at)
                at = event.at + repeats.ms
                expect(at).toBe(shared.at(-1)?.at)
              }
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

test('an event of several rows is one place in each of them', () => {
  const layout = layoutOf(followed('a'), {}, [])
  expect(layout.rows).toBe(1)
  const tall = new StreamLayout(followed('a'), {
    ...{ view: 'text', shown: 'all', columns: 80, eventRows: () => 3, isRepeat },
  })
  tall.update([accept(0)])
  expect(places(tall).map((place) => (place.kind === 'event' ? place.line : place.kind))).toEqual([0, 1, 2, 'bytes'])
})

test('sends that were refused in a row share a line, but not across bytes or a pause', () => {
  const layout = (chunks: number[], events: StreamEvent[]) => {
    const sender = new Sender()
    const held = followed()
    held.apply(sender.frame(...chunks.map((at) => sender.chunk('in', 'x', at))))
    return places(layoutOf(held, { isRepeat }, events)).map((place) =>
      place.kind === 'event' ? [place.event.at, place.repeats.count, place.repeats.ms] : place.kind,
    )
  }
  const late = 30 + PAUSE_MS
  expect(layout([], [refused(10), refused(20), refused(30)])).toEqual([[10, 3, 20]])
  expect(layout([15], [refused(10), refused(20), refused(30)])).toEqual([[10, 1, 0], 'bytes', [20, 2, 10]])
  expect(layout([], [refused(10), refused(30), refused(late)])).toEqual([[10, 2, 20], 'pause', [late, 1, 0]])
  expect(layout([], [refused(10), fin(20), refused(30)])).toEqual([
    [10, 1, 0],
    [20, 1, 0],
    [30, 1, 0],
  ])
})

describe.each(VIEWS)('131,072 chunks of one byte in the %s view', (view) => {
  const sender = new Sender()
  const held = followed()
  const byte = counting(1)
  const arrive = (count: number): void =>
    held.apply(sender.frame(...Array.from({ length: count }, () => sender.chunk('in', byte))))
  for (let frame = 0; frame < 128; frame++) arrive(1024)

  test('are laid out in a few frames', () => {
    expect(layoutOf(held, { view }).rows).toBe(131_072)
    const fiveTimes = (): void => {
      for (let round = 0; round < 5; round++) layoutOf(held, { view })
    }
    // 50 ms on a machine of its own. CPU time doubles where both threads of a core are busy.
    expect(cpuMs(fiveTimes) / 5).toBeLessThan(150)
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
