import { expect, test } from 'vitest'
import { describeListening, describeSocket, fittingFont } from '../../../web/picture/text.ts'
import { closed, NOW, row } from '../live/rows.ts'
import { Row } from '../../../web/live/row.ts'

test.for([
  [row(1), 'Open'],
  [row(1, { finSentAt: 5 }), 'Open · FIN from server'],
  [row(1, { state: 'half-closed', halfClosedAt: 4 }), 'Half-closed'],
  [row(1, { state: 'half-closed', halfClosedAt: 4, finSentAt: 5 }), 'Half-closed · FIN from server'],
  [new Row(closed(1, NOW)), 'Closed by client · FIN'],
] as const)('a socket is described by its state, with a FIN of either side: %#', ([socket, words]) => {
  const { facts } = describeSocket(socket, NOW)
  expect(facts).toMatch(new RegExp(`\\d · ${words}$`))
})

test('a socket with a problem is described by it and its duration', () => {
  const problem = { code: 'peer-not-reading', severity: 'critical', since: NOW - 240_000, evidence: {} } as const
  expect(describeSocket(row(1, { problem }), NOW).facts).toMatch(/ · Client stopped reading · 4m\u00a00s$/)
})

test('the listening socket waits or is held, and is gone while the server shuts down', () => {
  const words = (['accepting', 'paused', 'stopping'] as const).map((state) => describeListening({ state }))
  expect(words.map(({ title, detail }) => `${title}: ${detail}`)).toEqual([
    'Listening socket: waits, carries no data',
    'Listening socket: not accepting',
    'No listening socket: closed to new clients',
  ])
})

test('the font is as large as fits, although small letters are wider in proportion', () => {
  const context = { font: '', measureText: () => ({ width: widthOf(parseFloat(context.font)) }) }
  const widthOf = (size: number) => 100 * (size + 4)
  const sizeFor = (width: number) => {
    const limits = { width, most: 15, least: 11, font: (size: number) => `${size}px x` }
    return parseFloat(fittingFont(context as unknown as CanvasRenderingContext2D, 'text', limits))
  }
  expect(sizeFor(1_900)).toBe(15)
  const size = sizeFor(1_700)
  expect(widthOf(size)).toBeLessThanOrEqual(1_700)
  expect(size).toBeGreaterThan(12.5)
  expect(sizeFor(100)).toBe(11)
})
