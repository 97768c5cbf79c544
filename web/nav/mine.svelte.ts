import { createContext } from 'svelte'
import { type Endpoint, formatEndpoint, parseEndpoint, sameAddress } from '../../shared/endpoint.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'
import { Stored } from '../ui/stored.ts'

/** The table of connections. */
export interface MineSource {
  rows(): Iterable<Row>
  get(id: number): Row | undefined
}

/**
 * The visitor's own connection, kept for this tab. It is identified by its remote endpoint, so a reconnect from there
 * is followed.
 */
export class Mine implements TableObserver {
  endpoint = $state.raw<Endpoint | null>(null)
  /** The newest connection from that endpoint, live or closed; null if there is none. */
  id = $state<number | null>(null)
  #table: MineSource
  #stored = new Stored<Endpoint>('mine', {
    parse: parseEndpoint,
    format: formatEndpoint,
    storage: () => sessionStorage,
  })

  constructor(table: MineSource) {
    this.#table = table
    this.endpoint = this.#stored.get()
    this.replaced()
  }

  choose(endpoint: Endpoint | null): void {
    this.endpoint = endpoint
    this.#stored.set(endpoint)
    this.replaced()
  }

  changed(row: Row): void {
    if (this.#is(row) && (this.id === null || row.id > this.id)) this.id = row.id
  }

  removed(row: Row): void {
    if (row.id === this.id) this.id = null
  }

  replaced(): void {
    this.id = null
    if (this.endpoint === null) return
    for (const row of this.#table.rows()) this.changed(row)
  }

  #is({ remote }: Row): boolean {
    return remote.port === this.endpoint?.port && sameAddress(remote.address, this.endpoint.address)
  }
}

/** Live connections from this address, newest first. @param most limit of the result */
export function connectionsFrom(address: string, live: ReadonlyMap<number, Row>, most: number): Row[] {
  const rows = [...live.values()].filter((row) => row.remote.address === address)
  return rows.slice(-most).toReversed()
}

export const [getMine, setMine] = createContext<Mine>()
