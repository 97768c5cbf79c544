import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { clock } from '../../../server/clock.ts'
import { AcceptLease } from '../../../server/ports/accept-lease.ts'

// Only the timers are fake. The clock of the records is real.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function leased() {
  const listener: { pausedUntil: number | null } = { pausedUntil: null }
  const resume = vi.fn()
  return { listener, resume, lease: new AcceptLease(listener, resume) }
}

test('ends once, and says until then when', () => {
  const { listener, resume, lease } = leased()
  const before = clock.now()
  lease.hold(15_000)
  expect(listener.pausedUntil).toBeGreaterThanOrEqual(before + 15_000)
  vi.advanceTimersByTime(14_000)
  expect(resume).not.toHaveBeenCalled()
  vi.advanceTimersByTime(60_000)
  expect(resume).toHaveBeenCalledTimes(1)
  expect(listener.pausedUntil).toBe(null)
})

test('lasts while it is repeated in time', () => {
  const { resume, lease } = leased()
  for (let i = 0; i < 10; i++) {
    lease.hold(15_000)
    vi.advanceTimersByTime(14_000)
  }
  expect(resume).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1_000)
  expect(resume).toHaveBeenCalledTimes(1)
})

test('of several, the longest counts', () => {
  const { listener, resume, lease } = leased()
  lease.hold(60_000)
  lease.hold(1_000)
  vi.advanceTimersByTime(50_000)
  expect(resume).not.toHaveBeenCalled()
  lease.hold(null)
  lease.hold(1_000)
  expect(listener.pausedUntil).toBe(null)
  vi.advanceTimersByTime(3_600_000)
  expect(resume).not.toHaveBeenCalled()
})

test('is forgotten when somebody resumes', () => {
  const { listener, resume, lease } = leased()
  lease.hold(null)
  lease.end()
  lease.hold(1_000)
  lease.end()
  vi.advanceTimersByTime(10_000)
  expect(resume).not.toHaveBeenCalled()
  expect(listener.pausedUntil).toBe(null)
})
