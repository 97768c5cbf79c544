export type { Close, Connection, ConnectionWithInode, Progress, Protocol, Totals } from './schema/connection.ts'
export type { CloseBy, CloseHow, ConnectionState } from './vocabulary.ts'
