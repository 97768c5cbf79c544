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

test('a process is unresponsive after four seconds without a message, and reported once', () => {
  vi.advanceTimersByTime(3_900)
  expect(told).toEqual([])
  vi.advanceTimersByTime(20_000)
  expect(told).toEqual([true])
})

test('any message makes the process responsive again', () => {
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

test('the next process is responsive even if the previous one ended unresponsive', () => {
  vi.advanceTimersByTime(5_000)
  heartbeat.end()
  expect(told).toEqual([true, false])
  vi.advanceTimersByTime(60_000)
  heartbeat.begin()
  vi.advanceTimersByTime(3_900)
  expect(told).toEqual([true, false])
})
