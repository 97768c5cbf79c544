import type { Endpoint } from './endpoint.ts'

/** Built-in clients open at once. */
export const CLIENTS_MAX = 1_000

/** A built-in client of this listener; `local` is its own end. */
export interface ClientRecord {
  id: number
  local: Endpoint
  remote: Endpoint
  /** Null while it waits in the accept queue. */
  connectionId: number | null
  /** False: it never reads, so that the windows fill. */
  reading: boolean
  bytesIn: number
  bytesOut: number
}
