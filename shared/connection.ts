export type { Close, Connection, ConnectionWithInode, Progress, Protocol } from './schema/connection.ts'
export type { CloseBy, CloseHow } from './vocabulary.ts'
