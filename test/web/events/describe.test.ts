import { expect, test } from 'vitest'
import type { Action } from '../../../shared/action.ts'
import { handMark } from '../../../web/events/describe.ts'
import { NOW, row } from '../live/rows.ts'

const sent: Action = { at: NOW, kind: 'send', bytes: 5, behavior: null, code: null, waiting: 0, kernel: null }
const event = (action: Action) => ({ kind: 'action' as const, key: 1, at: NOW, row: row(1), action })

test('a send that failed has another sign than one that was done, as in the stream', () => {
  expect(handMark(event(sent))).toBe('own')
  expect(handMark(event({ ...sent, code: 'CLOSED' }))).toBe('failed')
})

test('only what was done by hand has a sign of the hand', () => {
  expect(handMark({ kind: 'behavior', key: 1, at: NOW, row: null, behavior: 'echo' })).toBe('own')
  expect(handMark({ kind: 'accepted', key: 1, at: NOW, row: row(1) })).toBeNull()
})
