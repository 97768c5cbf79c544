import { isUnknownEndpoint } from '../../shared/endpoint.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'

/** Limit of tiles: more are impossible to tell apart, and each one costs time. */
const TILES_MAX = 240

/** The connections of one client address. */
export interface Tile {
  /** Empty if the clients reset their connections before the server could read their addresses. */
  address: string
  /** Live connections in the order in which they were accepted. */
  rows: Set<Row>
  half: number
  /** All connections that this page knows, including closed ones. */
  all: number
  /** Bytes of all these connections, both directions together. */
  bytes: number
  /** Time of the newest event, in Unix milliseconds. */
  lastAt: number
  /** Increases with each change. */
  revision: number
}

/** A row's share of its tile's totals. */
interface Counted {
  tile: Tile
  live: boolean
  half: boolean
  bytes: number
}

/** Groups the table's connections by client address, in order of first appearance. Each step examines only changed rows. */
export class Board implements TableObserver {
  readonly tiles = new Map<string, Tile>()
  #source: { rows(): Iterable<Row> }
  #counted = new Map<number, Counted>()
  #dirty = new Set<Row>()
  #replaced = true

  constructor(source: { rows(): Iterable<Row> }) {
    this.#source = source
  }

  changed(row: Row): void {
    this.#dirty.add(row)
  }

  removed(row: Row): void {
    this.#dirty.delete(row)
    const counted = this.#counted.get(row.id)
    if (!counted) return
    this.#counted.delete(row.id)
    const { tile } = counted
    tile.all--
    tile.bytes -= counted.bytes
    tile.revision++
    if (counted.live) this.#leave(counted, row)
    if (tile.all === 0) this.tiles.delete(tile.address)
  }

  replaced(): void {
    this.#replaced = true
    this.#dirty.clear()
  }

  /** @returns true if a tile has changed since the last step */
  step(): boolean {
    if (this.#replaced) {
      this.#replaced = false
      this.tiles.clear()
      this.#counted.clear()
      for (const row of [...this.#source.rows()].sort((a, b) => a.id - b.id)) this.#count(row)
      return true
    }
    const any = this.#dirty.size > 0
    for (const row of this.#dirty) this.#count(row)
    this.#dirty.clear()
    return any
  }

  #count(row: Row): void {
    let counted = this.#counted.get(row.id)
    if (!counted) {
      counted = { tile: this.#tileOf(row), live: false, half: false, bytes: 0 }
      this.#counted.set(row.id, counted)
      counted.tile.all++
    }
    const { tile } = counted
    const live = row.close === null
    const half = row.state === 'half-closed'
    const bytes = row.bytesIn + row.bytesOut
    if (live && !counted.live) tile.rows.add(row)
    else if (!live && counted.live) tile.rows.delete(row)
    tile.half += Number(half) - Number(counted.half)
    tile.bytes += bytes - counted.bytes
    tile.lastAt = Math.max(tile.lastAt, row.openedAt, row.lastActivityAt, row.close?.at ?? 0)
    tile.revision++
    Object.assign(counted, { live, half, bytes })
  }

  #leave(counted: Counted, row: Row): void {
    counted.tile.rows.delete(row)
    counted.tile.half -= Number(counted.half)
  }

  #tileOf({ remote }: Row): Tile {
    const address = isUnknownEndpoint(remote) ? '' : remote.address
    const known = this.tiles.get(address)
    if (known) return known
    const tile: Tile = { address, rows: new Set(), half: 0, all: 0, bytes: 0, lastAt: 0, revision: 0 }
    this.tiles.set(address, tile)
    return tile
  }
}

/**
 * Chooses the tiles to show and keeps their order. If there are too many, addresses with live connections are
 * preferred.
 * @returns the shown tiles, and those left out
 */
export function shownTiles(tiles: ReadonlyMap<string, Tile>, most = TILES_MAX): { shown: Tile[]; left: Tile[] } {
  const all = [...tiles.values()]
  if (all.length <= most) return { shown: all, left: [] }
  const live = all.filter(({ rows }) => rows.size > 0)
  const gone = all.filter(({ rows }) => rows.size === 0)
  const chosen = new Set([...live.slice(0, most), ...(live.length < most ? gone.slice(live.length - most) : [])])
  return { shown: all.filter((tile) => chosen.has(tile)), left: all.filter((tile) => !chosen.has(tile)) }
}
