import { expect, test } from 'vitest'
import { shownTiles } from '../../../web/class/board.ts'
import type { AddressGroup } from '../../../web/clients/groups.ts'

test('if there are too many addresses, shows those with live connections first, then the newest, and returns the rest', () => {
  const tile = (address: string, live: number) =>
    [address, { address, rows: { size: live } } as unknown as AddressGroup] as const
  const names = (tiles: AddressGroup[]) => tiles.map(({ address }) => address).join('')
  const tiles = new Map([tile('a', 0), tile('b', 1), tile('c', 0), tile('d', 2), tile('e', 0)])
  const { shown, left } = shownTiles(tiles, 3)
  expect([names(shown), names(left)]).toEqual(['bde', 'ac'])
  expect(names(shownTiles(tiles, 5).shown)).toBe('abcde')
  expect(names(shownTiles(tiles, 1).shown)).toBe('b')
})
