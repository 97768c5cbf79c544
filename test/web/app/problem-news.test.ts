import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Problem } from '../../../shared/diagnosis.ts'
import { ProblemNews } from '../../../web/app/problem-news.svelte.ts'
import { Table } from '../../../web/live/table.ts'
import { connection, COUNTERS, NOW } from '../live/rows.ts'

const STUCK: Problem = { code: 'peer-not-reading', severity: 'critical', since: NOW, evidence: { sendQueue: 9 } }

let table: Table
let news: ProblemNews
let away: boolean
let notified: [string, number][]
let seq: number

beforeEach(() => {
  vi.useFakeTimers()
  ;[away, notified, seq] = [false, [], 0]
  table = new Table()
  news = new ProblemNews({
    table,
    describe: ({ id, problem }) => `${problem?.code} ${id}`,
    away: () => away,
    notify: (first, others) => notified.push([first, others]),
  })
  table.observe(news)
  table.begin('one')
  snapshot(connection(1, { problem: STUCK }), connection(2), connection(3), connection(4))
})

afterEach(() => vi.useRealTimers())

function snapshot(...connections: ReturnType<typeof connection>[]): void {
  table.applySnapshot({
    type: 'snapshot',
    seq: ++seq,
    total: connections.length,
    connections,
    counters: COUNTERS,
    last: true,
  })
}

function fall(id: number, problem: Problem | null = STUCK): void {
  table.applyChanges({ type: 'changes', seq: ++seq, changes: [{ kind: 'problem', id, problem }], counters: COUNTERS })
}

test('a new problem is announced; those of the first snapshot, and new evidence of an old one, are not', () => {
  expect(news.announced).toBeNull()
  fall(1, { ...STUCK, evidence: { sendQueue: 10 } })
  expect(news.announced).toBeNull()
  fall(2)
  expect(news.announced).toEqual({ text: 'peer-not-reading 2', others: false })
})

test('many new problems are announced once in 5 s, without a count', () => {
  fall(2)
  fall(3)
  fall(4)
  expect(news.announced?.text).toBe('peer-not-reading 2')
  vi.advanceTimersByTime(4_999)
  expect(news.announced?.text).toBe('peer-not-reading 2')
  vi.advanceTimersByTime(1)
  expect(news.announced).toEqual({ text: 'peer-not-reading 3', others: true })
})

test('a problem that was over and comes back is new', () => {
  fall(2)
  vi.advanceTimersByTime(5_000)
  fall(3)
  vi.advanceTimersByTime(5_000)
  fall(2, null)
  fall(2)
  expect(news.announced?.text).toBe('peer-not-reading 2')
})

test('after a resync, only problems that the page did not know are new', () => {
  snapshot(connection(1, { problem: STUCK }), connection(2, { problem: STUCK }))
  expect(news.announced).toEqual({ text: 'peer-not-reading 2', others: false })
})

test('while the visitor is away, one notification in 10 s counts the others, and the title is marked', () => {
  fall(2)
  expect([notified, news.unseen]).toEqual([[], false])
  away = true
  fall(3)
  expect([notified, news.unseen]).toEqual([[['peer-not-reading 3', 0]], true])
  fall(4)
  fall(1, null)
  fall(1)
  vi.advanceTimersByTime(9_999)
  expect(notified).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(notified[1]).toEqual(['peer-not-reading 4', 1])
})

test('what the visitor has seen meanwhile is not notified', () => {
  away = true
  fall(2)
  fall(3)
  away = false
  news.seen()
  vi.advanceTimersByTime(60_000)
  expect([notified, news.unseen]).toEqual([[['peer-not-reading 2', 0]], false])
})
