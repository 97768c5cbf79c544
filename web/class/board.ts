import { problemRank } from '../../shared/diagnosis.ts'
import { worstOf } from '../clients/client-order.ts'
import type { AddressGroup } from '../clients/groups.ts'

/** Limit of tiles: more are impossible to tell apart, and each one costs time. */
const TILES_MAX = 240

/**
 * Chooses the tiles and their order: the worst problems first, the others in the order in which they came. If there are
 * too many, addresses with live connections are preferred.
 * @param held the tiles as shown, which stay where they are
 * @returns the shown tiles, and those left out
 */
export function shownTiles(
  tiles: ReadonlyMap<string, AddressGroup>,
  held: readonly AddressGroup[] = [],
  most = TILES_MAX,
): { shown: AddressGroup[]; left: AddressGroup[] } {
  const stay = held.filter((tile) => tiles.get(tile.address) === tile)
  const staying = new Set(stay)
  const rest = Array.from(tiles.values(), (tile) => ({ tile, rank: problemRank(worstOf(tile)) }))
    .filter(({ tile }) => !staying.has(tile))
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ tile }) => tile)
  const all = [...stay, ...rest]
  if (all.length <= most) return { shown: all, left: [] }
  const live = all.filter(({ rows }) => rows.size > 0)
  const gone = all.filter(({ rows }) => rows.size === 0)
  const chosen = new Set([...live.slice(0, most), ...(live.length < most ? gone.slice(live.length - most) : [])])
  return { shown: all.filter((tile) => chosen.has(tile)), left: all.filter((tile) => !chosen.has(tile)) }
}
