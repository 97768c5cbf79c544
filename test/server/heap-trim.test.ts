import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { trimHeapRegularly } from '../../server/heap-trim.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('free memory is returned after the start, and then only where something has changed', () => {
  const trimHeap = vi.fn()
  let changes = 0
  const stop = trimHeapRegularly({ trimHeap }, () => changes)
  vi.advanceTimersByTime(60_000)
  expect(trimHeap).toHaveBeenCalledTimes(1)

  changes = 10_000
  vi.advanceTimersByTime(60_000)
  expect(trimHeap).toHaveBeenCalledTimes(2)

  stop()
  changes = 20_000
  vi.advanceTimersByTime(60_000)
  expect(trimHeap).toHaveBeenCalledTimes(2)
})
