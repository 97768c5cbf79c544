import { expect, test } from 'vitest'
import { columnOf, columnsOf, layoutFor } from '../../../web/list/columns.ts'
import { Row } from '../../../web/live/row.ts'
import { closed, NOW, row } from '../live/rows.ts'

const WIDTHS = [0, 768, 1_000, 1_300, 1_500, 1_800]

test.each(WIDTHS)('among closed connections, the time of closing replaces how long they are idle: %i px', (width) => {
  const layout = layoutFor(width)
  expect(columnsOf(layout, 'closed')).toEqual(expect.arrayContaining(['closedAt', 'state']))
  expect(columnsOf(layout, 'closed')).not.toContain('idle')
  for (const show of ['all', 'live', 'attention'] as const) expect(columnsOf(layout, show)).not.toContain('closedAt')
})

test('the newest closed connection sorts first, and a live one last', () => {
  const rows = [row(1), new Row(closed(2, NOW + 9)), new Row(closed(3, NOW))]
  const { key } = columnOf('closedAt')
  const order = rows.map((one) => [one.id, Number(key(one, NOW))] as const).sort((a, b) => b[1] - a[1])
  expect(order.map(([id]) => id)).toEqual([2, 3, 1])
})
