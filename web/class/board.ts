import type { AddressGroup } from '../clients/groups.ts'

/** Limit of tiles: more are impossible to tell apart, and each one costs time. */
const TILES_MAX = 240

/**
 * Chooses the tiles to show and keeps their order. If there are too many, addresses with live connections are
 * preferred.
 * @returns the shown tiles, and those left out
 */
export function shownTiles(
  tiles: ReadonlyMap<string, AddressGroup>,
  most = TILES_MAX,
): { shown: AddressGroup[]; left: AddressGroup[] } {
  const all = [...tiles.values()]
  if (all.length <= most) return { shown: all, left: [] }
  const live = all.filter(({ rows }) => rows.size > 0)
  const gone = all.filter(({ rows }) => rows.size === 0)
  const chosen = new Set([...live.slice(0, most), ...(live.length < most ? gone.slice(live.length - most) : [])])
  return { shown: all.filter((tile) => chosen.has(tile)), left: all.filter((tile) => !chosen.has(tile)) }
}
