import { expect, test } from 'vitest'
import { parseFilter } from '../../../shared/filter/filter.ts'
import { countResets } from '../../../web/ports/resets.svelte.ts'
import { Row } from '../../../web/live/row.ts'
import { closed, NOW, row } from '../live/rows.ts'

test('the count of resets is what its filter finds', () => {
  const rows = [
    row(1),
    new Row(closed(2, NOW)),
    new Row(closed(3, NOW, { how: 'reset', reset: 'peer' })),
    // FIN came first.
    new Row(closed(4, NOW, { reset: 'server' })),
  ]
  const filter = parseFilter('reset:any')
  expect(rows.filter((one) => filter.matches(one, NOW)).map(({ id }) => id)).toEqual([3, 4])
  expect(countResets(rows)).toBe(2)
})
