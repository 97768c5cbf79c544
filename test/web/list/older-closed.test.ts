import { expect, test } from 'vitest'
import type { Connection } from '../../../shared/connection.ts'
import { OlderClosed, PAGE } from '../../../web/list/older-closed.svelte.ts'
import type { Answer, ClosedPage } from '../../../web/live/api.ts'
import { Table } from '../../../web/live/table.ts'
import { closed, COUNTERS, NOW } from '../live/rows.ts'

const CLOSED = 3_500
const SENT = 200

/** A server that has closed connections 1 to 3,500, and a page that was opened just now. */
class Page {
  readonly table = new Table()
  readonly older = new OlderClosed({
    table: this.table,
    api: { closedConnections: (...asked) => this.#answer(...asked) },
    onChange: () => {},
  })
  /** What the server keeps, the newest first. */
  kept = Array.from({ length: CLOSED }, (_, i) => closed(CLOSED - i, NOW + CLOSED - i))
  /** Called while the server answers. */
  meanwhile = () => {}
  refuses = false
  readonly asked: [filter: string, offset: number][] = []

  constructor() {
    this.snapshot()
  }

  snapshot(): void {
    this.table.begin('one')
    const connections = structuredClone(this.kept.slice(0, SENT).toReversed())
    const counters = { ...COUNTERS, closed: CLOSED }
    this.table.applySnapshot({ type: 'snapshot', seq: 1, total: SENT, connections, counters, last: true })
    this.older.startOver()
  }

  matches(filter: string): Connection[] {
    return this.kept.filter(({ id }) => filter === '' || id % Number(filter) === 0)
  }

  async #answer(filter: string, offset: number, limit: number): Promise<Answer<ClosedPage>> {
    this.asked.push([filter, offset])
    if (this.refuses) return { ok: false, code: 'X', message: 'no room' }
    const matches = this.matches(filter)
    this.meanwhile()
    return { ok: true, body: { total: matches.length, items: structuredClone(matches.slice(offset, offset + limit)) } }
  }
}

test('presses of the button load every connection that the server keeps, page by page, and the last press says so', async () => {
  const { older, table } = new Page()
  for (const [size, left] of [
    [1_000, 2_500],
    [2_000, 1_500],
    [3_000, 500],
    [3_500, 0],
  ] as const) {
    await older.load('')
    expect(table.closed.size).toBe(size)
    expect(table.older(10_000)).toBe(left)
    expect(older.left('')).toBe(left)
  }
  expect([...table.closed.keys()]).toEqual(Array.from({ length: CLOSED }, (_, i) => i + 1))
  expect(table.notKept).toBe(0)
})

test('with a filter it loads matches only, past those that the page has', async () => {
  const { older, table, asked } = new Page()
  expect(older.left('7')).toBeNull()
  await older.load('7')
  expect(older.left('7')).toBe(0)
  expect([...table.closed.keys()].filter((id) => id <= CLOSED - SENT).every((id) => id % 7 === 0)).toBe(true)
  expect(table.older(10_000), 'the others are still there').toBe(CLOSED - table.closed.size)
  // The first page of all connections holds nothing new but those between the matches.
  await older.load('')
  expect(older.added).toBe(PAGE - SENT - Math.floor((CLOSED - SENT) / 7) + Math.floor((CLOSED - PAGE) / 7))
  expect(asked).toEqual([
    ['7', 0],
    ['', 0],
  ])
})

test('a press requests further pages until one has a connection that the list lacks', async () => {
  const { older, asked } = new Page()
  await older.load('')
  await older.load('')
  older.startOver()
  await older.load('')
  expect(older.added).toBe(1_000)
  expect(asked.slice(2).map(([, offset]) => offset)).toEqual([0, 999, 1_999])
})

test('when records no longer match, so that others move up, it begins again and skips none', async () => {
  const page = new Page()
  const { older, table } = page
  await older.load('2')
  const loaded = [...table.closed.keys()].filter((id) => id % 2 === 0)
  page.kept = page.kept.filter(({ id }) => !loaded.includes(id) || id < 2_000)
  do await older.load('2')
  while (older.left('2') !== 0)
  for (const { id } of page.matches('2')) expect(table.closed.has(id), `${id}`).toBe(true)
})

test('a failed request shows its reason and loses no rows; the next press continues there', async () => {
  const page = new Page()
  const { older, table } = page
  await older.load('')
  page.refuses = true
  await older.load('')
  expect(older.failure).toBe('no room')
  expect(older.loading).toBe(false)
  expect(table.closed.size).toBe(1_000)
  page.refuses = false
  await older.load('')
  expect(older.failure).toBeNull()
  expect(table.closed.size).toBe(2_000)
})

test('what a snapshot overtook is not taken, and one press at a time counts', async () => {
  const page = new Page()
  const { older, table, asked } = page
  page.meanwhile = () => page.snapshot()
  const first = older.load('')
  await older.load('')
  expect(asked).toHaveLength(1)
  await first
  expect(older.failure).not.toBeNull()
  expect(table.closed.size).toBe(SENT)
})
