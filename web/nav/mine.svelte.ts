import { createContext } from 'svelte'
import { type Endpoint, formatEndpoint, parseEndpoint } from '../../shared/endpoint.ts'
import type { Row } from '../live/row.ts'
import type { TableObserver } from '../live/table.ts'
import { Stored } from '../ui/stored.ts'

/** Where the connections are. */
export interface MineSource {
  rows(): Iterable<Row>
  get(id: number): Row | undefined
}

/** The connection that this visitor says is theirs, kept for the tab. What comes and goes with its endpoint is followed. */
export class Mine implements TableObserver {
  endpoint = $state.raw<Endpoint | null>(null)
  /** The newest connection of that endpoint, live or closed; null while there is none. */
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
    return remote.port === this.endpoint?.port && remote.address === this.endpoint.address
  }
}

/** Live connections from this address, the newest first, at most so many. */
export function connectionsFrom(address: string, live: ReadonlyMap<number, Row>, most: number): Row[] {
  const rows = [...live.values()].filter((row) => row.remote.address === address)
  return rows.slice(-most).toReversed()
}

export const [getMine, setMine] = createContext<Mine>()
