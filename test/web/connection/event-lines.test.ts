import { expect, test } from 'vitest'
import type { Action } from '../../../shared/action.ts'
import { linesOf } from '../../../web/connection/event-lines.ts'
import { timesText } from '../../../web/stream/event-words.ts'
import { eventsOf } from '../../../web/stream/events.ts'
import { NOW, row } from '../live/rows.ts'

const send = (at: number, fields: Partial<Action> = {}): Action => {
  const base = { kind: 'send', bytes: 5, waiting: null, behavior: null, code: null, kernel: null } as const
  return { at: NOW + at, ...base, ...fields }
}
const FULL = { code: 'SEND_QUEUE_FULL', waiting: 900 }

function lines(...actions: Action[]): [number, number][] {
  const [, ...rest] = linesOf(eventsOf(row(1, { openedAt: NOW, actions })), null)
  return rest.map(({ event, repeats }) => [event.at - NOW, repeats.count])
}

test('equal failed sends in a row are one line, with the time of the first and their number', () => {
  expect(lines(send(1, FULL), send(2, FULL), send(3, FULL))).toEqual([[1, 3]])
  const [, line] = linesOf(eventsOf(row(1, { openedAt: NOW, actions: [send(1, FULL), send(2_001, FULL)] })), null)
  expect(line && timesText(line.repeats)).toBe('(2 times in 2s)')
})

test('what failed otherwise, or succeeded, keeps its own line', () => {
  expect(lines(send(1, FULL), send(2, { ...FULL, waiting: 901 }))).toEqual([
    [1, 1],
    [2, 1],
  ])
  expect(lines(send(1), send(2))).toEqual([
    [1, 1],
    [2, 1],
  ])
  expect(lines(send(1, FULL), send(2), send(3, FULL))).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
  ])
})
