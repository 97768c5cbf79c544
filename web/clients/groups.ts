import { isUnknownEndpoint } from '../../shared/endpoint.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'

/** The connections of one client address. */
export interface AddressGroup {
  /** Empty if the clients reset their connections before the server could read their addresses. */
  address: string
  /** Live connections in the order in which they were accepted. */
  rows: Set<Row>
  half: number
  /** All connections that this page knows, including closed ones. */
  all: number
  /** Live connections with a problem. */
  sick: Set<Row>
  /** Bytes of all these connections. */
  bytesIn: number
  bytesOut: number
  /** Time of the newest event, in Unix milliseconds. */
  lastAt: number
  /** Increases with each change. */
  revision: number
}

/** A row's share of its group's totals. */
interface Counted {
  group: AddressGroup
  live: boolean
  half: boolean
  bytesIn: number
  bytesOut: number
}

/** Groups the table's connections by client address, in order of first appearance. Each step examines only changed rows. */
export class AddressGroups implements TableObserver {
  readonly all = new Map<string, AddressGroup>()
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
    const { group } = counted
    group.all--
    group.bytesIn -= counted.bytesIn
    group.bytesOut -= counted.bytesOut
    group.revision++
    if (counted.live) this.#leave(counted, row)
    if (group.all === 0) this.all.delete(group.address)
  }

  replaced(): void {
    this.#replaced = true
    this.#dirty.clear()
  }

  /** @returns true if a group has changed since the last step */
  step(): boolean {
    if (this.#replaced) {
      this.#replaced = false
      this.all.clear()
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
      counted = { group: this.#groupOf(row), live: false, half: false, bytesIn: 0, bytesOut: 0 }
      this.#counted.set(row.id, counted)
      counted.group.all++
    }
    const { group } = counted
    const live = row.close === null
    const half = row.state === 'half-closed'
    const { bytesIn, bytesOut } = row
    if (live && !counted.live) group.rows.add(row)
    else if (!live && counted.live) group.rows.delete(row)
    group.half += Number(half) - Number(counted.half)
    group.bytesIn += bytesIn - counted.bytesIn
    group.bytesOut += bytesOut - counted.bytesOut
    if (row.problem === null) group.sick.delete(row)
    else group.sick.add(row)
    group.lastAt = Math.max(group.lastAt, row.openedAt, row.lastActivityAt, row.close?.at ?? 0)
    group.revision++
    Object.assign(counted, { live, half, bytesIn, bytesOut })
  }

  #leave(counted: Counted, row: Row): void {
    counted.group.rows.delete(row)
    counted.group.sick.delete(row)
    counted.group.half -= Number(counted.half)
  }

  #groupOf({ remote }: Row): AddressGroup {
    const address = isUnknownEndpoint(remote) ? '' : remote.address
    const known = this.all.get(address)
    if (known) return known
    const group: AddressGroup = {
      address,
      rows: new Set(),
      sick: new Set(),
      half: 0,
      all: 0,
      bytesIn: 0,
      bytesOut: 0,
      lastAt: 0,
      revision: 0,
    }
    this.all.set(address, group)
    return group
  }
}
