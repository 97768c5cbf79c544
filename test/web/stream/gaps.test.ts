import { describe, expect, test } from 'vitest'
import type { Direction } from '../../../shared/payload.ts'
import { accept, drawn, fin, followed, layoutOf, Sender, timed } from './frames.ts'

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
