import { expect, test } from 'vitest'
import { Clock } from '../../server/clock.ts'

const HOUR = 3_600_000
const START = 1_800_000_000_000

/** The system's clocks. */
function system() {
  const at = { monotonic: 5_000_000, uptime: 5_000_000, wall: START }
  const clock = new Clock({ monotonic: () => at.monotonic, uptime: () => at.uptime, wall: () => at.wall })
  const steps: number[] = []
  clock.onStep((ms) => void steps.push(ms))
  const pass = (ms: number): void => {
    at.monotonic += ms
    at.uptime += ms
    at.wall += ms
  }
  return { at, clock, steps, pass }
}

test.for([HOUR, -HOUR])(
  'a clock that is set by %d ms changes no steady time, and is followed from the next check on',
  (ms) => {
    const { at, clock, steps, pass } = system()
    const before = clock.steady()
    pass(100)
    at.wall += ms
    expect([clock.steady(), clock.now()]).toEqual([before + 100, before + 100])
    clock.check()
    expect(steps).toEqual([ms])
    expect([clock.steady(), clock.now(), clock.corrected(before)]).toEqual([
      before + 100,
      before + 100 + ms,
      before + ms,
    ])
    clock.check()
    expect(steps).toEqual([ms])
  },
)

test('sleep of the system is no step of its clock: times continue as if the system had been awake', () => {
  const { at, clock, steps, pass } = system()
  pass(100)
  at.uptime += HOUR
  at.wall += HOUR
  clock.check()
  expect(steps).toEqual([])
  expect(clock.now()).toBe(at.wall)
})

test('a clock that is set while the system sleeps is followed by as much as it was set', () => {
  const { at, clock, steps } = system()
  at.uptime += HOUR
  at.wall += 3 * HOUR
  clock.check()
  expect(steps).toEqual([2 * HOUR])
})

test('small differences, such as those of an uptime in whole seconds, are no steps', () => {
  const { at, clock, steps, pass } = system()
  for (let second = 0; second < 100; second++) {
    pass(990)
    at.uptime = Math.floor(at.monotonic / 1000) * 1000
    clock.check()
  }
  expect(steps).toEqual([])
  expect(clock.now()).toBe(at.wall)
})

test('processes that count from the same origin have the same time, although the uptime is inexact', () => {
  const { at, clock, pass } = system()
  at.uptime += HOUR
  clock.check()
  pass(10_000)
  at.wall += HOUR
  at.uptime += 900
  const other = new Clock({ monotonic: () => at.monotonic, uptime: () => at.uptime, wall: () => at.wall })
  other.origin = clock.origin
  expect(other.steady()).toBe(clock.steady())
})
