import { setImmediate as immediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { sortInTurns, turn } from '../../../../server/http/lists/turns.ts'

test('each turn of the event loop resumes only one waiting caller', async () => {
  const gone: number[] = []
  for (const name of [1, 2, 3]) void turn().then(() => gone.push(name))
  for (let turns = 1; turns <= 3; turns++) {
    await immediate()
    expect(gone).toHaveLength(turns)
  }
  expect(gone).toEqual([1, 2, 3])
})

test.for([
  ['none', 0, (i: number) => i],
  ['one run', 999, (i: number) => (i * 7_919) % 1_000],
  ['many runs', 30_001, (i: number) => (i * 7_919) % 10_007],
  ['in order', 5_500, (i: number) => i],
  ['in the opposite order', 5_500, (i: number) => -i],
  ['all equal', 3_000, () => 1],
] as const)('sorting in turns gives what sorting at once gives: %s', async ([, count, key]) => {
  const items = Array.from({ length: count }, (_, i) => ({ key: key(i), i }))
  const compare = (a: { key: number; i: number }, b: { key: number; i: number }) => a.key - b.key || a.i - b.i
  expect(await sortInTurns(items, compare)).toEqual(items.toSorted(compare))
})
