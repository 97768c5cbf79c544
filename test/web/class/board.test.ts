import { expect, test } from 'vitest'
import { shownTiles } from '../../../web/class/board.ts'
import type { ProblemCode } from '../../../shared/diagnosis.ts'
import type { Row } from '../../../web/live/row.ts'
import type { AddressGroup } from '../../../web/clients/groups.ts'

const tile = (address: string, live: number, code?: ProblemCode) => {
  const sick = new Set(code ? [{ problem: { code } }] : [])
  return [address, { address, rows: { size: live }, sick } as unknown as AddressGroup] as const
}
const names = (tiles: AddressGroup[]) => tiles.map(({ address }) => address).join('')

test('the worst problems come first, and the others stay in the order in which they came', () => {
  const tiles = new Map([tile('a', 1), tile('b', 1, 'unread'), tile('c', 1), tile('d', 2, 'peer-not-reading')])
  expect(names(shownTiles(tiles).shown)).toBe('dbac')
})

test('while a person points at a tile, those shown stay where they are, and new ones come after them', () => {
  const before = new Map([tile('a', 1), tile('b', 1), tile('c', 1)])
  const { shown } = shownTiles(before)
  const after = new Map([...before, tile('d', 1), tile('e', 1, 'unread')])
  after.get('c')?.sick.add({ problem: { code: 'vanished' } } as Row)
  after.delete('a')
  expect(names(shownTiles(after, shown).shown)).toBe('bced')
  expect(names(shownTiles(after).shown)).toBe('cebd')
})

test('if there are too many addresses, shows those with live connections first, then the newest, and returns the rest', () => {
  const tiles = new Map([tile('a', 0), tile('b', 1), tile('c', 0), tile('d', 2), tile('e', 0)])
  const { shown, left } = shownTiles(tiles, [], 3)
  expect([names(shown), names(left)]).toEqual(['bde', 'ac'])
  expect(names(shownTiles(tiles, [], 5).shown)).toBe('abcde')
  expect(names(shownTiles(tiles, [], 1).shown)).toBe('b')
})
