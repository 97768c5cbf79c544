import { expect, test } from 'vitest'
import { describeSocket } from '../../../web/picture/text.ts'
import { closed, NOW, row } from '../live/rows.ts'
import { Row } from '../../../web/live/row.ts'

test.for([
  [row(1), 'Open'],
  [row(1, { finSentAt: 5 }), 'Open · FIN sent'],
  [row(1, { state: 'half-closed', halfClosedAt: 4 }), 'Half-closed'],
  [row(1, { state: 'half-closed', halfClosedAt: 4, finSentAt: 5 }), 'Half-closed · FIN sent'],
  [new Row(closed(1, NOW)), 'Closed by client · FIN'],
] as const)('a socket is described by its state, with a FIN of either side: %#', ([socket, words]) => {
  const { facts } = describeSocket(socket, NOW)
  expect(facts).toMatch(new RegExp(`\\d · ${words}$`))
})
