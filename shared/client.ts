export type { ClientRecord, ClientRequest } from './schema/client.ts'

/** Built-in clients open at once. */
export const CLIENTS_MAX = 1_000
