import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Newest } from '../../../web/class/newest.svelte.ts'
import type { Row } from '../../../web/live/row.ts'
import { NOW, row, UNTOUCHED } from '../live/rows.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const TOTALS = { bytesIn: 5, bytesOut: 0, chunksIn: 1, chunksOut: 0 }

function newestOf(rows: Row[]) {
  const live = new Map(rows.filter((one) => one.live).map((one) => [one.id, one]))
  const newest = new Newest({ rows: () => rows, live }, () => Date.now())
  return { newest, latest: () => newest.latest && [newest.latest.kind, newest.latest.row.id, newest.latest.more] }
}

test('shows each stage of a connection once, and no events from before the start', () => {
  const old = row(1)
  const { newest, latest } = newestOf([old])
  expect(latest()).toBeNull()
  expect(newest.rows.map(({ id }) => id)).toEqual([1])
  const fresh = row(2)
  newest.changed(fresh)
  vi.advanceTimersByTime(0)
  expect(latest()).toEqual(['accepted', 2, 0])
  old.update(NOW, { ...UNTOUCHED, ...TOTALS })
  newest.changed(old)
  vi.advanceTimersByTime(1_000)
  expect(latest()).toEqual(['first-bytes', 1, 0])
  expect(newest.rows.map(({ id }) => id)).toEqual([1, 2])
  newest.changed(old)
  vi.advanceTimersByTime(1_000)
  expect(latest()).toEqual(['first-bytes', 1, 0])
  old.update(NOW, { ...UNTOUCHED, ...TOTALS, halfClosedAt: NOW })
  old.state = 'half-closed'
  newest.changed(old)
  vi.advanceTimersByTime(1_000)
  expect(latest()).toEqual(['half-closed', 1, 0])
  old.end({ at: NOW, by: 'peer', how: 'reset', reset: 'peer', code: null, evidence: null })
  newest.changed(old)
  vi.advanceTimersByTime(1_000)
  expect(latest()).toEqual(['closed', 1, 0])
  // The kernel may still change its state.
  newest.changed(old)
  vi.advanceTimersByTime(1_000)
  expect(newest.rows[0]?.id).toBe(1)
  newest.stop()
})

test('during a flood, shows once a second the newest event and the number of others', () => {
  const { newest, latest } = newestOf([])
  newest.changed(row(1))
  vi.advanceTimersByTime(0)
  expect(latest()).toEqual(['accepted', 1, 0])
  for (let id = 2; id <= 100; id++) newest.changed(row(id))
  vi.advanceTimersByTime(999)
  expect(latest()).toEqual(['accepted', 1, 0])
  vi.advanceTimersByTime(1)
  expect(latest()).toEqual(['accepted', 100, 98])
  expect(newest.rows).toHaveLength(30)
  newest.stop()
})
