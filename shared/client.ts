export type { ClientRecord, ClientRequest } from './schema/client.ts'

/** Limit of built-in clients open at the same time. */
export const CLIENTS_MAX = 1_000
