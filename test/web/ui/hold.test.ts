import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Hold } from '../../../web/ui/hold.ts'
import { REST_MS } from '../../../web/ui/rest.ts'
import { Still } from '../../../web/ui/still.svelte.ts'

const mouse = { pointerType: 'mouse' } as PointerEvent
let released: number
let still: Still
let hold: Hold

beforeEach(() => {
  vi.useFakeTimers()
  released = 0
  still = new Still(() => false)
  hold = new Hold(still, () => released++)
})
afterEach(() => void vi.useRealTimers())

test('a pointer that nobody moves for 30 s lets go of the rows, and holds them again when it is moved', () => {
  hold.point(mouse, true)
  vi.advanceTimersByTime(REST_MS - 1)
  expect([hold.on, still.on, released]).toEqual([true, true, 0])
  vi.advanceTimersByTime(1)
  expect([hold.on, still.on, released]).toEqual([false, false, 1])
  hold.stir()
  expect([hold.on, still.on]).toEqual([true, true])
})

test('rows that have left the page hold nothing', () => {
  hold.point(mouse, true)
  hold.end()
  hold.stir()
  expect(still.on).toBe(false)
})

test('rows of two lists keep what is above them until both are let go', () => {
  const other = new Hold(still, () => {})
  hold.point(mouse, true)
  other.point(mouse, true)
  hold.point(mouse, false)
  expect(still.on).toBe(true)
  other.point(mouse, false)
  expect(still.on).toBe(false)
})
