import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { parseFilter } from '../../../shared/filter/filter.ts'
import type { Row } from '../../../web/live/row.ts'
import { COLUMNS } from '../../../web/list/columns.ts'
import { ListView } from '../../../web/list/list-view.ts'
import { UNTOUCHED, NOW, row } from '../live/rows.ts'

let rows: Map<number, Row>
let now: number
let view: ListView

function shown(): number[] {
  return Array.from({ length: view.length }, (_, index) => view.at(index)?.id ?? -1)
}

function accept(id: number, fields: Parameters<typeof row>[1] = {}): Row {
  const added = row(id, fields)
  rows.set(id, added)
  view.changed(added)
  return added
}

function end(id: number): void {
  rows.get(id)?.end({ at: now, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  const ended = rows.get(id)
  if (ended) view.changed(ended)
}

function evict(id: number): void {
  const gone = rows.get(id)
  rows.delete(id)
  if (gone) view.removed(gone)
}

/** Longer than the pause between two rebuilds. */
function flushLater(): boolean {
  now += 60_000
  return view.flush()
}

beforeEach(() => {
  rows = new Map()
  now = NOW + 1000
  view = new ListView({ rows: () => rows.values() }, () => now)
})

test('shows the newest connection first', () => {
  for (const id of [1, 2, 3]) accept(id)
  expect(view.flush()).toBe(true)
  expect(shown()).toEqual([3, 2, 1])
})

const SICK = { code: 'unread', severity: 'warning', since: NOW, evidence: { recvQueue: 9 } } as const
const SICKER = { code: 'vanished', severity: 'critical', since: NOW, evidence: { probes: 3 } } as const

function fall(id: number, problem: typeof SICK | typeof SICKER | null): void {
  const found = rows.get(id)
  if (found === undefined) throw new Error(`no row ${id}`)
  found.applyProblem(problem)
  view.changed(found)
}

describe('problems first', () => {
  beforeEach(() => {
    view.setSort('problem', true)
    for (const id of [1, 2, 3, 4]) accept(id)
    view.flush()
  })

  test('the weightiest problem is on top, and the others are the newest first', () => {
    fall(2, SICK)
    fall(1, SICKER)
    expect(flushLater()).toBe(true)
    expect(shown()).toEqual([1, 2, 4, 3])
    fall(1, null)
    flushLater()
    expect(shown()).toEqual([2, 4, 3, 1])
  })

  test('a new connection comes at once, below the problems', () => {
    fall(2, SICK)
    flushLater()
    accept(5)
    expect(view.flush()).toBe(true)
    expect(shown()).toEqual([2, 5, 4, 3, 1])
    end(2)
    fall(2, null)
    flushLater()
    expect(shown()).toEqual([5, 4, 3, 2, 1])
  })

  test('bytes do not move a row', () => {
    const [first] = rows.values()
    if (first) view.changed(first)
    expect(flushLater()).toBe(false)
  })

  test('the next problem is found from anywhere, in both directions, and around the ends', () => {
    const problems = (from: number) => [view.nextProblem(from, 1), view.nextProblem(from, -1)]
    expect(problems(-1)).toEqual([-1, -1])
    fall(2, SICK)
    flushLater()
    expect([problems(-1), problems(0), problems(3)]).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ])
    view.setSort('id', true)
    fall(4, SICKER)
    flushLater()
    expect(shown()).toEqual([4, 3, 2, 1])
    expect([problems(-1), problems(0), problems(1), problems(2), problems(3)]).toEqual([
      [0, 2],
      [2, 2],
      [2, 0],
      [0, 0],
      [0, 2],
    ])
  })

  test('alone, as long as they last', () => {
    fall(3, SICK)
    view.setShow('attention')
    expect(shown()).toEqual([3])
    fall(1, SICKER)
    flushLater()
    expect(shown()).toEqual([1, 3])
    fall(3, null)
    flushLater()
    expect(shown()).toEqual([1])
  })
})

test('does not wait to show a new connection, whatever came just before', () => {
  accept(1)
  view.flush()
  accept(2)
  expect(view.flush()).toBe(true)
  expect(shown()).toEqual([2, 1])
})

test('keeps a closed connection in its place, unless only live ones are shown', () => {
  for (const id of [1, 2, 3]) accept(id)
  view.flush()
  end(2)
  flushLater()
  expect(shown()).toEqual([3, 2, 1])
  view.setShow('live')
  expect(shown()).toEqual([3, 1])
  view.setShow('closed')
  expect(shown()).toEqual([2])
})

test('takes a connection out of the live ones when it closes', () => {
  view.setShow('live')
  for (const id of [1, 2]) accept(id)
  view.flush()
  end(1)
  flushLater()
  expect(shown()).toEqual([2])
})

test('never shows a connection that came and went between two frames, where only live ones are shown', () => {
  view.setShow('live')
  accept(1)
  end(1)
  flushLater()
  expect(shown()).toEqual([])
})

test('lets go of what the table no longer keeps', () => {
  for (const id of [1, 2]) accept(id)
  view.flush()
  evict(1)
  flushLater()
  expect(shown()).toEqual([2])
})

test('sorts by each column and back, ties by number', () => {
  accept(1, { bytesIn: 5 })
  accept(2, { bytesIn: 9 })
  accept(3, { bytesIn: 5 })
  view.setSort('bytesIn', true)
  expect(shown()).toEqual([2, 3, 1])
  view.setSort('bytesIn', false)
  expect(shown()).toEqual([1, 3, 2])
})

test('sorts addresses as numbers, not as text', () => {
  accept(1, { remote: { address: '10.0.0.9', port: 5 } })
  accept(2, { remote: { address: '10.0.0.10', port: 5 } })
  accept(3, { remote: { address: '9.0.0.1', port: 5 } })
  accept(4, { remote: { address: '::1', port: 5 } })
  accept(5, { remote: { address: '10.0.0.9', port: 40 } })
  view.setSort('remote', false)
  expect(shown()).toEqual([3, 1, 5, 2, 4])
})

test('re-sorts about once a second by a column that changes, not at each change', () => {
  const one = accept(1, { bytesIn: 5 })
  accept(2, { bytesIn: 9 })
  view.setSort('bytesIn', true)
  one.update(now, { ...UNTOUCHED, bytesIn: 50, bytesOut: 0, chunksIn: 1, chunksOut: 0 })
  view.changed(one)
  now += 100
  expect(view.flush()).toBe(false)
  expect(shown()).toEqual([2, 1])
  now += 1000
  expect(view.flush()).toBe(true)
  expect(shown()).toEqual([1, 2])
})

test('finds the place of a row from the top, in either direction', () => {
  const one = accept(1)
  accept(2)
  view.flush()
  expect(view.indexOf(one)).toBe(1)
  view.setSort('id', false)
  expect(view.indexOf(one)).toBe(0)
  expect(view.indexOf(row(7))).toBe(-1)
})

test('counts the live rows out of view where most rows in view have closed', () => {
  for (let id = 1; id <= 10; id++) accept(id)
  view.flush()
  for (const id of [8, 9, 10]) end(id)
  expect([view.liveOutOfView(0, 2), view.liveOutOfView(0, 4), view.liveOutOfView(0, 99)]).toEqual([7, 5, 0])
  expect([view.liveOutOfView(0, 5), view.liveOutOfView(3, 5), view.liveOutOfView(0, -1)]).toEqual([0, 0, 0])
  for (let id = 1; id <= 7; id++) end(id)
  expect(view.liveOutOfView(0, 2)).toBe(0)
})

test('lets rows come and go by their age without a change of theirs', () => {
  view.setFilter(parseFilter('age>5s'))
  accept(1, { openedAt: now })
  view.flush()
  expect(shown()).toEqual([])
  now += 6000
  view.tick()
  flushLater()
  expect(shown()).toEqual([1])
})

describe('while the rows hold still', () => {
  beforeEach(() => {
    for (const id of [1, 2, 3]) accept(id)
    view.setShow('live')
    view.hold('pointer', true)
  })

  test('nothing comes, nothing goes, and what waits is counted', () => {
    accept(4)
    accept(5)
    end(2)
    expect(flushLater()).toBe(false)
    expect(shown()).toEqual([3, 2, 1])
    expect(view.waiting).toEqual({ added: 2, gone: 1, order: false, problems: 0 })
  })

  test('a problem that appears meanwhile is counted, listed or not, once the order follows it', () => {
    fall(2, SICK)
    // Sorted by number, it is in its place.
    expect(view.waiting.problems).toBe(0)
    view.setSort('problem', true)
    expect(view.waiting.problems).toBe(0)
    fall(1, SICK)
    accept(4)
    fall(4, SICK)
    expect(view.waiting).toEqual({ added: 1, gone: 0, order: true, problems: 2 })
    // The same problem again is not new, another one is.
    fall(2, { ...SICK })
    expect(view.waiting.problems).toBe(2)
    fall(2, SICKER)
    expect(view.waiting.problems).toBe(3)
    fall(1, null)
    evict(4)
    expect(view.waiting.problems).toBe(1)
    view.applyWaiting()
    expect(view.waiting.problems).toBe(0)
  })

  test('a row that comes and goes is not counted', () => {
    accept(4)
    end(4)
    expect(view.waiting).toEqual({ added: 0, gone: 0, order: false, problems: 0 })
  })

  test('a row that the table lets go stays where it is, and is counted', () => {
    evict(2)
    flushLater()
    expect(shown()).toEqual([3, 2, 1])
    expect(view.waiting.gone).toBe(1)
  })

  test('a click brings the list up to date', () => {
    accept(4)
    end(2)
    view.applyWaiting()
    expect(shown()).toEqual([4, 3, 1])
    expect(view.waiting).toEqual({ added: 0, gone: 0, order: false, problems: 0 })
    expect(view.held).toBe(true)
  })

  test('the list catches up when the last reason to hold is gone', () => {
    view.hold('scroll', true)
    accept(4)
    view.hold('pointer', false)
    expect(flushLater()).toBe(false)
    view.hold('scroll', false)
    expect(flushLater()).toBe(true)
    expect(shown()).toEqual([4, 3, 2, 1])
  })

  test('another filter or order is applied at once, for it was asked for', () => {
    accept(4)
    view.setFilter(parseFilter('port:50004'))
    expect(shown()).toEqual([4])
  })
})

test('holds nothing while there is nothing to hold: the first row appears under the pointer', () => {
  view.hold('pointer', true)
  accept(1)
  expect(view.flush()).toBe(true)
  expect(shown()).toEqual([1])
})

test('begins again from a table that was replaced', () => {
  accept(1)
  view.flush()
  rows.clear()
  rows.set(7, row(7))
  view.replaced()
  expect(view.flush()).toBe(true)
  expect(shown()).toEqual([7])
})

test('ends up with the list that a plain filter and sort of the rows gives, whatever happened before', () => {
  const action = fc.record({
    kind: fc.constantFrom(
      'accept',
      'accept',
      'data',
      'end',
      'evict',
      'flush',
      'hold',
      'release',
      'sort',
      'show',
      'filter',
    ),
    pick: fc.nat(500),
  })
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      rows = new Map()
      view = new ListView({ rows: () => rows.values() }, () => now)
      let nextId = 1
      let show: 'all' | 'live' | 'closed' = 'all'
      let limit = 0
      for (const { kind, pick } of actions) {
        const one = [...rows.values()][pick % Math.max(1, rows.size)]
        if (kind === 'accept') accept(nextId++)
        else if (kind === 'data' && one?.live) {
          one.update(now, {
            ...UNTOUCHED,
            bytesIn: one.bytesIn + pick,
            bytesOut: 0,
            chunksIn: one.chunksIn + 1,
            chunksOut: 0,
          })
          view.changed(one)
        } else if (kind === 'end' && one?.live) end(one.id)
        else if (kind === 'evict' && one && !one.live) evict(one.id)
        else if (kind === 'flush') view.flush()
        else if (kind === 'hold' || kind === 'release') view.hold('pointer', kind === 'hold')
        else if (kind === 'sort') view.setSort(COLUMNS[pick % COLUMNS.length]?.id ?? 'id', pick % 2 === 0)
        else if (kind === 'show') view.setShow((show = (['all', 'live', 'closed'] as const)[pick % 3] ?? 'all'))
        else if (kind === 'filter')
          view.setFilter(parseFilter((limit = pick % 3 === 0 ? 0 : pick) === 0 ? '' : `bytes>${limit}`))
      }
      view.hold('pointer', false)
      view.tick()
      flushLater()
      const { column, descending } = view.sort
      const key = COLUMNS.find(({ id }) => id === column)?.key ?? (() => 0)
      const expected = [...rows.values()]
        .filter((one) => show === 'all' || one.live === (show === 'live'))
        .filter((one) => limit === 0 || one.bytesIn + one.bytesOut > limit)
        .sort((a, b) => (key(a, now) < key(b, now) ? -1 : key(a, now) > key(b, now) ? 1 : a.id - b.id))
        .map((one) => one.id)
      expect(shown()).toEqual(descending ? expected.reverse() : expected)
    }),
  )
})
