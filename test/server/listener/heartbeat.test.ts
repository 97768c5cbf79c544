import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { Heartbeat } from '../../../server/listener/heartbeat.ts'

const told: boolean[] = []
let heartbeat: Heartbeat

beforeEach(() => {
  vi.useFakeTimers()
  told.length = 0
  heartbeat = new Heartbeat((unresponsive) => told.push(unresponsive))
  heartbeat.begin()
  onTestFinished(() => {
    heartbeat.end()
    vi.useRealTimers()
  })
})

test('a process is unresponsive after four seconds without a word, and said to be so once', () => {
  vi.advanceTimersByTime(3_900)
  expect(told).toEqual([])
  vi.advanceTimersByTime(20_000)
  expect(told).toEqual([true])
})

test('any word will do, and ends the silence', () => {
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(2_500)
    heartbeat.heard()
  }
  expect(told).toEqual([])
  vi.advanceTimersByTime(5_000)
  heartbeat.heard()
  heartbeat.heard()
  expect(told).toEqual([true, false])
})

test('a process that ends while it is unresponsive leaves nothing of that to the next one', () => {
  vi.advanceTimersByTime(5_000)
  heartbeat.end()
  expect(told).toEqual([true, false])
  vi.advanceTimersByTime(60_000)
  heartbeat.begin()
  vi.advanceTimersByTime(3_900)
  expect(told).toEqual([true, false])
})
