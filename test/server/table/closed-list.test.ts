import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { missedOf } from '../../../server/table/closed-list.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import type { Close } from '../../../shared/connection.ts'

const KEPT = 20
const END = { address: '192.168.0.1', port: 8080 }
const FIN: Close = { at: 2, by: 'peer', how: 'fin', reset: null, code: null, evidence: null }
const RESET: Close = { ...FIN, how: 'reset', reset: 'peer' }

function tableWith(...ends: Close[]): ConnectionTable {
  const table = new ConnectionTable(KEPT)
  for (const [index, close] of ends.entries()) end(table, index + 1, close)
  return table
}

function end(table: ConnectionTable, id: number, close: Close): void {
  table.accept({ id, local: END, remote: { ...END, port: id }, pid: 1, fd: id, openedAt: 1 })
  table.close(id, close)
  table.trim(0)
}

const kept = (table: ConnectionTable) => table.closedList.newest(Infinity).map(({ id }) => id)
const many = (close: Close, count: number) => Array.from({ length: count }, () => close)

describe('of the closed connections', () => {
  test('a reset outlives a flood that closes in order', () => {
    const table = tableWith(FIN, RESET, ...many(FIN, 500))
    expect(kept(table)).toEqual([2, ...Array.from({ length: KEPT - 1 }, (_, n) => 502 - KEPT + 2 + n)])
    expect(table.get(2)).not.toBeNull()
  })

  test('so does one with a problem when it closed', () => {
    const table = new ConnectionTable(KEPT)
    table.accept({ id: 1, local: END, remote: END, pid: 1, fd: 1, openedAt: 1 })
    const entry = table.get(1)
    if (entry === null) throw new Error('not accepted')
    table.problem(entry, { code: 'unread', severity: 'warning', since: 1, evidence: {} })
    table.close(1, FIN)
    for (let id = 2; id < 100; id++) end(table, id, FIN)
    expect(kept(table)).toContain(1)
  })

  test('a flood of resets pushes out the oldest connections, resets or not', () => {
    const table = tableWith(...many(FIN, 10), ...many(RESET, 500))
    expect(kept(table)).toEqual(Array.from({ length: KEPT }, (_, n) => 510 - KEPT + 1 + n))
  })

  test('as many are kept as said, in the order of closing, and a reader learns how many it has missed, whatever the history', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(FIN, RESET), { maxLength: 120 }), fc.nat(120), (ends, when) => {
        const table = new ConnectionTable(KEPT)
        let seen = { ...table.closedList.closed }
        let known = 0
        for (const [index, close] of ends.entries()) {
          if (index === when) [seen, known] = [{ ...table.closedList.closed }, index]
          end(table, index + 1, close)
        }
        const ids = kept(table)
        expect(ids).toEqual(ids.toSorted((a, b) => a - b))
        expect(ids).toHaveLength(Math.min(KEPT, ends.length))
        if (ends.length > 0) expect(ids.at(-1)).toBe(ends.length)
        const evicted = ends.map((_, index) => index + 1).filter((id) => table.get(id) === null)
        expect(missedOf(seen, table.closedList.evicted)).toBe(evicted.filter((id) => id > known).length)
        const resets = ids.filter((id) => ends[id - 1] === RESET).length
        const all = ends.filter((close) => close === RESET).length
        expect(resets).toBeGreaterThanOrEqual(Math.min(all, KEPT / 4))
      }),
    )
  })
})
