import { expect, test } from 'vitest'
import type { Action } from '../../../shared/action.ts'
import { Entry } from '../../../server/table/entry.ts'
import { NewestActions } from '../../../server/table/newest-actions.ts'

const local = { address: '127.0.0.1', port: 8080 }

function entry(id: number): Entry {
  return new Entry(id, local, { address: '127.0.0.1', port: 50_000 + id }, 1, 20, 0, 0)
}

function action(at: number): Action {
  return { at, kind: 'send', bytes: 1, waiting: 0, behavior: null, code: null, kernel: null }
}

function times({ actions }: Entry): number[] {
  return actions.map(({ action }) => action.at)
}

test('a record keeps its newest 50 actions, and of all records together the newest are kept', () => {
  const actions = new NewestActions(100)
  const [one, two, busy] = [entry(1), entry(2), entry(3)]
  let at = 0
  const act = (...entries: Entry[]): void => {
    for (const entry of entries) {
      entry.changeSeq = ++at
      actions.add(entry, action(at))
    }
  }
  act(one, two, one)
  for (let i = 0; i < 60; i++) act(busy)
  expect(times(busy)).toEqual(Array.from({ length: 50 }, (_, i) => 14 + i))
  expect([times(one), times(two)]).toEqual([[1, 3], [2]])
  for (let i = 0; i < 38; i++) act(entry(100 + i))
  expect([times(one), times(two), times(busy).length], 'the oldest of 101 is let go').toEqual([[3], [2], 50])
  act(two, entry(200))
  expect([times(one), times(two)]).toEqual([[], [102]])
  for (let i = 0; i < 1_000; i++) act(entry(300 + i))
  expect([times(one), times(two), times(busy)]).toEqual([[], [], []])
})
