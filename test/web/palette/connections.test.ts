import { expect, test } from 'vitest'
import { findConnections } from '../../../web/palette/connections.ts'
import { NOW, row } from '../live/rows.ts'

const ROWS = Array.from({ length: 20 }, (_, i) => row(i + 1))
const found = (text: string) => {
  const opened: number[] = []
  const searched = { rows: ROWS, now: NOW, accepted: 30 }
  const { commands, more } = findConnections(searched, text, (id) => opened.push(id))
  for (const { run } of commands) run()
  return { opened, more }
}

test('a connection is found by its number, which comes before connections that contain the number', () => {
  expect(found('#12')).toEqual({ opened: [12], more: false })
  expect(found('12').opened[0]).toBe(12)
})

test('a number that the page lacks, and the server may know, can be opened', () => {
  expect(found('#25')).toEqual({ opened: [25], more: false })
  expect(found('31')).toEqual({ opened: [], more: false })
  expect(found('#0').opened).toEqual([])
})

test('a filter finds connections, and says when there are more than it shows', () => {
  expect(found('192.168.0.105')).toEqual({ opened: [5], more: false })
  const { opened, more } = found('192.168')
  expect(opened).toHaveLength(6)
  expect(more).toBe(true)
})

test('no text, or a filter that is too long, finds none', () => {
  expect(found('')).toEqual({ opened: [], more: false })
  expect(found('x'.repeat(10_000))).toEqual({ opened: [], more: false })
})
