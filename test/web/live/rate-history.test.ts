import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HISTORY_SECONDS } from '../../../shared/stream.ts'
import { RateHistory, spanOf } from '../../../web/live/rate-history.ts'
import { connection, COUNTERS } from './rows.ts'

const START = 1_795_343_808_000

function accepted(count: number) {
  return { ...COUNTERS, accepted: count }
}

/** The accepts of the last seconds, as the chart shows them at `now`. */
function accepts(history: RateHistory, now: number, last: number): (number | null)[] {
  return history
    .series(now)
    .seconds.slice(-last)
    .map((second) => second && second.accepts)
}

test('tells what happened in each second from totals', () => {
  const history = new RateHistory()
  history.add(START, accepted(10))
  history.add(START + 200, accepted(12))
  history.add(START + 900, accepted(15))
  history.add(START + 1100, accepted(16))
  expect(accepts(history, START + 2000, 2)).toEqual([5, 1])
})

test('shows only whole seconds, for one that has just begun would look like a drop', () => {
  const history = new RateHistory()
  history.add(START, accepted(0))
  history.add(START + 1100, accepted(7))
  const { at } = history.series(START + 1500)
  expect(at.at(-1)).toBe(START / 1000)
  expect(at).toHaveLength(HISTORY_SECONDS)
})

test('a server clock that is set back does not mix the past with the future', () => {
  const history = new RateHistory()
  history.add(START, accepted(0))
  history.add(START + 5000, accepted(9))
  history.add(START + 1000, accepted(10))
  history.add(START + 5000, accepted(12))
  expect(accepts(history, START + 6000, 5)).toEqual([1, 0, 0, 0, 2])
})

test('takes silence for zero while the feed is up, and for unknown while it is not', () => {
  const history = new RateHistory()
  history.add(START, accepted(0))
  history.fill(START + 3000)
  history.interrupt()
  history.add(START + 6000, accepted(50))
  history.add(START + 6500, accepted(51))
  history.fill(START + 8000)
  expect(accepts(history, START + 8000, 8)).toEqual([null, 0, 0, 0, null, null, 1, 0])
})

test('starts with the server’s history and continues with live counters', () => {
  const history = new RateHistory()
  history.add(START - 60_000, accepted(99))
  history.load([0, 1000, 2000].map((offset) => ({ at: START + offset, ...accepted(offset / 100) })))
  history.add(START + 2500, accepted(23))
  expect(accepts(history, START + 3000, 4)).toEqual([null, null, 10, 13])
})

test('forgets what is older than the charts are long', () => {
  const history = new RateHistory()
  history.add(START, accepted(0))
  history.add(START + 500, accepted(9))
  const later = START + (HISTORY_SECONDS + 1) * 1000
  history.fill(later)
  expect(accepts(history, later, HISTORY_SECONDS)).toEqual(Array(HISTORY_SECONDS).fill(0))
})

test('a constant rate shows as constant, however late the page reads the frames', () => {
  const frames = fc.array(
    fc.record({ ms: fc.integer({ min: 20, max: 1500 }), late: fc.integer({ min: 0, max: 5000 }) }),
    {
      minLength: 20,
      maxLength: 60,
    },
  )
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 20 }), (all, perMs) => {
      const history = new RateHistory()
      history.add(START, accepted(0))
      let [sent, read] = [0, 0]
      for (const { ms, late } of all) {
        const from = START + sent
        sent += ms
        read = Math.max(read, sent + late)
        history.add(START + read, accepted(sent * perMs), { from, to: START + sent })
      }
      const complete = Math.floor(sent / 1000) - 1
      expect(accepts(history, START + read, complete)).toEqual(
        Array.from({ length: complete }, () => expect.closeTo(1000 * perMs, -1) as number),
      )
    }),
  )
})

test('a late frame is counted when its changes happened, and one without times when it was read', () => {
  const accept = (at: number) => ({ kind: 'accept', connection: connection(1, { openedAt: START + at }) }) as const
  expect(spanOf([accept(1200), accept(1800)])).toEqual({ from: START + 1200, to: START + 1800 })
  expect(spanOf([{ kind: 'problem', id: 1, problem: null }])).toBe(null)
  const history = new RateHistory()
  history.add(START, accepted(0))
  history.add(START + 4500, accepted(2), spanOf([accept(1200), accept(1800)]))
  expect(history.series(START + 4500).at.at(-1)).toBe(START / 1000)
  expect(history.lastAccepts(START + 4700)).toBe(2)
})
