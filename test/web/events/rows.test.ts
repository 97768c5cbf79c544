import { expect, test } from 'vitest'
import type { PortEvent } from '../../../web/events/event.ts'
import { FOLDED_KEPT, Lines } from '../../../web/events/lines.ts'
import { isReachable, rowsOf } from '../../../web/events/rows.ts'
import { NOW, row } from '../live/rows.ts'

const NONE = new Set<string>()

/** A client that comes alone, then many of another address. */
function logOf(many: number): Lines {
  const lines = new Lines()
  for (let id = 0; id <= many; id++) {
    const remote = { address: id === 0 ? '10.0.0.1' : '10.0.0.2', port: 1_000 + id }
    lines.add({ kind: 'accepted', at: NOW + id, row: row(id, { remote }) })
  }
  return lines
}

test('a line that stands for many events is one row, and shows those it keeps when it is unfolded', () => {
  const lines = logOf(100).copy()
  expect(rowsOf(lines, NONE, null).map(({ fold }) => fold?.count)).toEqual([100, undefined])
  const key = String(lines[1]?.key)
  const rows = rowsOf(lines, new Set([key]), null)
  expect(rows.map(({ inside }) => inside)).toEqual([
    false,
    ...Array.from({ length: FOLDED_KEPT }, () => true),
    false,
    false,
  ])
  expect(rows[1]?.event.row?.id).toBe(100)
  expect(rows[FOLDED_KEPT + 1]?.keptOf).toEqual({ kept: FOLDED_KEPT, all: 100 })
  expect(new Set(rows.map((one) => one.key)).size).toBe(rows.length)
  expect(rows.filter((one) => !isReachable(one))).toEqual([rows[FOLDED_KEPT + 1]])
})

test('a line that keeps all of its events does not say how many are missing', () => {
  const lines = logOf(10).copy()
  const rows = rowsOf(lines, new Set([String(lines[1]?.key)]), null)
  expect(rows).toHaveLength(1 + 10 + 1)
  expect(rows.every(({ keptOf }) => keptOf === null)).toBe(true)
})

test('with a filter that only some of its events match, these have rows of their own, without a number', () => {
  const lines = logOf(100).copy()
  const to = (port: number) => (event: PortEvent) => (event.row?.remote.port ?? 0) >= port
  expect(rowsOf(lines, NONE, to(1_099)).map(({ event, fold }) => [event.row?.id, fold])).toEqual([
    [100, null],
    [99, null],
  ])
  expect(rowsOf(lines, NONE, to(1_001)).map(({ fold }) => fold?.count)).toEqual([100])
  expect(rowsOf(lines, NONE, to(9_999))).toEqual([])
})
