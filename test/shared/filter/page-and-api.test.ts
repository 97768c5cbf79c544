import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Connection } from '../../../shared/connection.ts'
import { parseFilter } from '../../../shared/filter/filter.ts'
import { progressOf } from '../../../shared/record.ts'
import { clock } from '../../../server/clock.ts'
import { EntrySelector } from '../../../server/http/routes/select-entries.ts'
import { toConnection } from '../../../server/table/entry.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import { ListView } from '../../../web/list/list-view.ts'
import { shownText } from '../../../web/list/shown-text.ts'
import { Row } from '../../../web/live/row.ts'
import { connections, filters, hits } from '../../support/filters.ts'

/** A server's table with these connections. */
function tableOf(all: readonly Connection[]): ConnectionTable {
  const table = new ConnectionTable(100)
  for (const { id, local, remote, pid, openedAt, lastActivityAt, close, kernel, otherEnd, problem, ...rest } of all) {
    table.accept({ id, local, remote, pid, fd: 20, openedAt })
    table.progress(id, lastActivityAt, progressOf(rest))
    const entry = table.get(id) ?? expect.unreachable()
    if (kernel !== null) table.kernel(entry, kernel)
    if (otherEnd !== null) table.otherEnd(entry, otherEnd)
    if (problem !== null) table.problem(entry, problem)
    if (close !== null) table.close(id, close)
  }
  return table
}

function shownBy(rows: readonly Row[], filter: string, found: ReadonlyMap<string, ReadonlySet<number>>): number[] {
  const view = new ListView({ rows: () => rows }, () => clock.now())
  view.setSort('id', false)
  view.setFilter(parseFilter(filter, { hits: found, shown: shownText }))
  return Array.from({ length: view.length }, (_, index) => view.at(index)?.id ?? 0)
}

test('a filter finds the same connections on the page and through the API, whatever the table', async () => {
  let matched = 0
  let left = 0
  await fc.assert(
    fc.asyncProperty(connections(clock.now()), filters, hits, async (all, filter, found) => {
      const table = tableOf(all)
      const actions = { search: () => Promise.resolve(found) } as unknown as ConstructorParameters<
        typeof EntrySelector
      >[0]['actions']
      const { entries } = await new EntrySelector({ table, actions }).select({ state: 'any', filter })
      // As they arrive on the page.
      const records = table.all().map((entry) => JSON.parse(JSON.stringify(toConnection(entry, table))) as Connection)
      const onPage = shownBy(
        records.map((record) => new Row(record)),
        filter,
        found,
      )
      expect(entries.map(({ id }) => id)).toEqual(onPage)
      matched += onPage.length
      left += all.length - onPage.length
    }),
    { numRuns: 500 },
  )
  // Filters that match everything or nothing would prove little.
  expect(Math.min(matched, left)).toBeGreaterThan(300)
})
