import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Change } from '../../../shared/stream.ts'
import { ListState } from '../../../web/list/list.svelte.ts'
import type { Answer } from '../../../web/live/api.ts'
import { ShownRows } from '../../../web/live/shown-rows.svelte.ts'
import { Table } from '../../../web/live/table.ts'
import { connection, COUNTERS, NOW, UNTOUCHED } from '../live/rows.ts'
import { REST_MS } from '../../../web/ui/rest.ts'
import { Still } from '../../../web/ui/still.svelte.ts'

/** A list over a table that frames change. */
class Page {
  now = NOW
  requests = 0
  /** The texts that the server was asked for, and how to answer. */
  readonly asked: { text: string; answer: (ids: number[] | null) => void }[] = []
  table = new Table()
  shownRows = new ShownRows({ table: this.table, clock: () => this.now, now: () => this.now })
  reading = false
  still = new Still(() => this.reading)
  list = new ListState({
    shownRows: this.shownRows,
    clock: () => this.now,
    onChange: () => this.requests++,
    searchText: (text) => this.search(text),
    still: this.still,
  })

  constructor() {
    this.table.observe(this.list)
  }

  apply(...changes: Change[]): void {
    this.table.applyChanges({ type: 'changes', seq: 1, changes, counters: COUNTERS })
  }

  search(text: string): Promise<Answer<number[]>> {
    return new Promise((resolve) => {
      const refused = { ok: false, code: 'X', message: 'the listener process has ended' } as const
      const answer = (ids: number[] | null) => resolve(ids === null ? refused : { ok: true, body: ids })
      this.asked.push({ text, answer })
    })
  }

  accept(id: number): void {
    this.apply({ kind: 'accept', connection: connection(id) })
  }

  receive(id: number, bytesIn: number): void {
    const totals = { bytesIn, bytesOut: 0, chunksIn: 1, chunksOut: 0 }
    this.apply({ kind: 'data', id, at: this.now, ...totals, ...UNTOUCHED, state: 'open' })
  }

  shown(): (readonly [id: number, bytesIn: number])[] {
    return Array.from({ length: this.list.view.length }, (_, index) => this.list.view.at(index)).map(
      (row) => [row?.id ?? -1, row?.bytesIn ?? -1] as const,
    )
  }
}

test('a paused list stays as it is, values too, and counts what it does not show', () => {
  const page = new Page()
  page.accept(1)
  page.list.flush()
  page.shownRows.toggleFreeze()
  page.accept(2)
  page.receive(1, 500)
  page.list.tick()
  page.list.flush()
  page.shownRows.flush()
  expect(page.shown()).toEqual([[1, 0]])
  expect(page.list.row(2)).toBeUndefined()
  expect(page.shownRows.changesSinceFreeze).toBe(2)
})

test('a paused list can still be sorted and filtered', () => {
  const page = new Page()
  for (const id of [1, 2]) page.accept(id)
  page.shownRows.toggleFreeze()
  page.accept(3)
  page.list.setSort('id', false)
  expect(page.shown().map(([id]) => id)).toEqual([1, 2])
  page.list.setFilter('port:50002')
  expect(page.shown().map(([id]) => id)).toEqual([2])
})

test('resumed, the list shows all that has happened', () => {
  const page = new Page()
  page.accept(1)
  page.shownRows.toggleFreeze()
  page.accept(2)
  page.receive(1, 500)
  page.shownRows.toggleFreeze()
  expect(page.shownRows.frozenAt).toBeNull()
  expect(page.shown()).toEqual([
    [2, 0],
    [1, 500],
  ])
  page.accept(3)
  page.list.flush()
  expect(page.shown()[0]).toEqual([3, 0])
})

test('says what waits only while the rows hold still', () => {
  const page = new Page()
  page.accept(1)
  page.list.flush()
  page.list.hold('pointer', true)
  page.accept(2)
  page.list.flush()
  expect(page.list.waiting).toEqual({ added: 1, gone: 0, order: false, problems: 0 })
  page.list.hold('pointer', false)
  page.list.flush()
  expect(page.list.waiting).toEqual({ added: 0, gone: 0, order: false, problems: 0 })
})

describe('under a pointer', () => {
  const page = () => {
    const page = new Page()
    page.accept(1)
    page.list.flush()
    page.list.point(true)
    page.accept(2)
    return page
  }
  const shown = ({ list }: Page) => {
    list.flush()
    return list.view.length
  }

  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('that nobody moves for 30 s, the rows hold still no longer, until somebody is back', () => {
    const one = page()
    vi.advanceTimersByTime(20_000)
    one.list.stir()
    vi.advanceTimersByTime(REST_MS - 1)
    expect([shown(one), one.still.on]).toEqual([1, true])
    vi.advanceTimersByTime(1)
    expect([shown(one), one.still.on]).toEqual([2, false])
    one.list.stir()
    one.accept(3)
    expect([shown(one), one.still.on]).toEqual([2, true])
    vi.advanceTimersByTime(REST_MS)
    expect(shown(one)).toBe(3)
  })

  test('of somebody who reads a connection or has selected text, they hold still as long as that', () => {
    const one = page()
    one.reading = true
    vi.advanceTimersByTime(10 * REST_MS)
    expect(shown(one)).toBe(1)
    one.reading = false
    vi.advanceTimersByTime(REST_MS)
    expect(shown(one)).toBe(2)
  })

  test('that has left, nothing holds the rows again', () => {
    const one = page()
    one.list.release()
    one.list.stir()
    expect([shown(one), one.still.on]).toEqual([2, false])
    vi.advanceTimersByTime(2 * REST_MS)
    one.list.stir()
    expect(one.still.on).toBe(false)
  })
})

test('a list that is only scrolled does not keep what is above it from moving', () => {
  const page = new Page()
  page.list.hold('scroll', true)
  expect(page.still.on).toBe(false)
  page.list.hold('focus', true)
  expect(page.still.on).toBe(true)
})

test('asks for another frame while it is too soon to take rows out', () => {
  const page = new Page()
  for (const id of [1, 2]) page.accept(id)
  page.list.setShow('live')
  const totals = { bytesIn: 0, bytesOut: 0, chunksIn: 0, chunksOut: 0 }
  const close = { at: NOW, by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const
  page.apply({ kind: 'close', id: 1, at: NOW, close, lastActivityAt: NOW, ...UNTOUCHED, ...totals })
  const before = page.requests
  page.list.flush()
  expect(page.requests).toBe(before + 1)
  page.now += 60_000
  page.list.flush()
  expect(page.shown().map(([id]) => id)).toEqual([2])
})

test('a filter by owner lets a connection in as soon as its owner is known', () => {
  const page = new Page()
  page.accept(1)
  page.list.setFilter('owner:curl')
  expect(page.shown()).toEqual([])
  const otherEnd = {
    sampledAt: NOW,
    tcpState: 'ESTABLISHED',
    inode: 7,
    recvQueue: 0,
    sendQueue: 0,
    owner: null,
  } as const
  page.apply({ kind: 'other-end', id: 1, otherEnd })
  page.list.flush()
  expect(page.shown()).toEqual([])
  page.apply({ kind: 'other-end', id: 1, otherEnd: { ...otherEnd, owner: { pid: 812, command: 'curl', user: null } } })
  page.list.flush()
  expect(page.shown()).toEqual([[1, 0]])
})

describe('a filter with text: asks the server', () => {
  let page: Page

  beforeEach(() => {
    vi.useFakeTimers()
    page = new Page()
    for (const id of [1, 2, 3]) page.accept(id)
    page.list.flush()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  const shown = () => page.shown().map(([id]) => id)
  const answer = async (...ids: number[]) => {
    page.asked.shift()?.answer(ids)
    await vi.advanceTimersByTimeAsync(0)
    page.list.flush()
  }
  /** Ticks of the list, one a second. */
  const seconds = async (count: number) => {
    for (let i = 0; i < count; i++) {
      await vi.advanceTimersByTimeAsync(1_000)
      page.list.tick()
    }
  }

  test('once typing has paused, and leaves the rows as they are until the answer', async () => {
    for (const text of ['text:G', 'text:GE', 'text:GET']) {
      page.list.setFilter(text)
      await vi.advanceTimersByTimeAsync(200)
    }
    expect(page.asked).toEqual([])
    expect([page.list.texts.searching, shown()]).toEqual([true, [3, 2, 1]])
    await vi.advanceTimersByTimeAsync(100)
    expect(page.asked.map(({ text }) => text)).toEqual(['get'])
    await answer(2)
    expect([page.list.texts.searching, shown()]).toEqual([false, [2]])
    page.list.setFilter('text:get OR #3')
    expect(shown(), 'the server has answered this already').toEqual([3, 2])
    page.list.setFilter('')
    expect(shown()).toEqual([3, 2, 1])
  })

  test('and the newest answer counts', async () => {
    page.list.setFilter('text:a')
    await vi.advanceTimersByTimeAsync(300)
    page.list.setFilter('text:b')
    await vi.advanceTimersByTimeAsync(300)
    const [a, b] = page.asked
    b?.answer([2])
    await vi.advanceTimersByTimeAsync(0)
    a?.answer([1])
    await vi.advanceTimersByTimeAsync(0)
    expect(shown()).toEqual([2])
  })

  test('for each text once, and searches nothing for a filter without one', async () => {
    page.list.setFilter('text:a -text:b OR text:A')
    await vi.advanceTimersByTimeAsync(300)
    expect(page.asked.map(({ text }) => text)).toEqual(['a', 'b'])
    await answer(1, 2)
    await answer(2)
    expect(shown()).toEqual([2, 1])
    page.list.setFilter('port:1')
    page.receive(1, 5)
    await seconds(5)
    expect(page.asked).toEqual([])
  })

  test('again while rows change, two seconds after the last answer, and held rows wait', async () => {
    page.list.setFilter('text:x')
    await vi.advanceTimersByTimeAsync(300)
    await answer(1)
    await seconds(5)
    expect(page.asked, 'nothing has changed').toEqual([])
    page.receive(2, 5)
    await seconds(1)
    expect(page.asked.length).toBe(1)
    page.receive(3, 5)
    page.list.hold('pointer', true)
    await answer(1, 2)
    expect([shown(), page.list.waiting.added]).toEqual([[1], 1])
    await seconds(1)
    expect(page.asked, 'too soon').toEqual([])
    await seconds(1)
    expect(page.asked.length).toBe(1)
    page.list.hold('pointer', false)
    await answer(1, 2, 3)
    expect(shown()).toEqual([3, 2, 1])
  })

  test('and says why it could not be searched', async () => {
    page.list.setFilter('text:x')
    await vi.advanceTimersByTimeAsync(300)
    page.asked.shift()?.answer(null)
    await vi.advanceTimersByTimeAsync(0)
    expect([shown(), page.list.texts.failure]).toEqual([[], 'the listener process has ended'])
    page.receive(1, 5)
    await seconds(2)
    await answer(1)
    expect([shown(), page.list.texts.failure]).toEqual([[1], null])
  })
})

test('a list that is scrolled down starts at the top, held no longer, when the server has restarted', () => {
  const page = new Page()
  const { list } = page
  page.accept(1)
  list.flush()
  list.greet('one')
  list.hold('scroll', true)
  const before = list.arrangement
  list.greet('one')
  expect(list.view.held).toBe(true)
  expect(list.arrangement).toBe(before)
  list.greet('two')
  expect(list.view.held).toBe(false)
  expect(list.arrangement).not.toBe(before)
})
