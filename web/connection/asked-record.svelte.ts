import { recordOf } from '../../shared/record.ts'
import { type Api, describeRefusal } from '../live/api.ts'
import type { Row } from '../live/row.ts'
import type { Table } from '../live/table.ts'

interface AskedRecordOptions {
  id: number
  api: Pick<Api, 'connection'>
  table: Pick<Table, 'awaitRecords' | 'take' | 'dismiss'>
  /** Requests a repaint. */
  onRow: () => void
}

/** The record of a connection that the page lacks, from the server, which keeps more closed ones. */
export class AskedRecord {
  /** The server does not know the connection. */
  unknown = $state(false)
  /** Why the request failed; null: it did not. */
  failure = $state<string | null>(null)
  /** The row of the record. A page that has as many as it keeps does not list it. Null also if a frame is to bring it. */
  row: Row | null = null
  readonly #options: AskedRecordOptions
  #asked = false

  constructor(options: AskedRecordOptions) {
    this.#options = options
  }

  /** Asks the server, unless it is answering or has answered already. */
  async ask(): Promise<void> {
    if (this.#asked) return
    this.#asked = true
    this.failure = null
    let rows: Row[] | null = null
    // A snapshot that comes meanwhile voids the answer.
    while (rows === null && this.#asked) rows = await this.#take()
    this.row = rows?.[0] ?? null
    this.#options.onRow()
  }

  /** @returns null if the answer cannot be used */
  async #take(): Promise<Row[] | null> {
    const { id, api, table } = this.#options
    const late = table.awaitRecords()
    const answer = await api.connection(id)
    if (answer.ok) return table.take(late, [recordOf(answer.body)])
    table.dismiss(late)
    this.unknown = answer.code === 'CONNECTION_NOT_FOUND'
    if (this.unknown) return []
    this.failure = describeRefusal(answer)
    this.#asked = false
    return null
  }
}
