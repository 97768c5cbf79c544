import { expect, test } from 'vitest'
import { HolderSearch } from '../../../server/kernel/holder-search.ts'

test('requests that arrive during a search share the next one, so that readers cannot keep the thread busy', async () => {
  const searches: number[][] = []
  const search = new HolderSearch((inodes) => void searches.push(inodes))
  const asked = Array.from({ length: 1_000 }, (_, i) => search.find(i))
  expect(searches).toEqual([[0]])
  search.found(new Map([[0, { pid: 1, command: 'nc' }]]))
  expect(searches[1]).toHaveLength(999)
  search.found(new Map([[7, { pid: 2, command: 'curl' }]]))
  expect(searches).toHaveLength(2)
  const holders = await Promise.all(asked)
  expect([holders[0], holders[7], holders[8]]).toEqual([{ pid: 1, command: 'nc' }, { pid: 2, command: 'curl' }, null])
})

test('a search without a result ends with no holder, and so do those that wait for the next one', async () => {
  const search = new HolderSearch(() => {})
  const asked = [search.find(1), search.find(2)]
  search.giveUp()
  expect(await Promise.all(asked)).toEqual([null, null])
})
