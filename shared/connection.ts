export type { Close, CloseEvidence, Connection, ConnectionWithInode, Progress, Protocol } from './schema/connection.ts'
export type { CloseBy, CloseHow, ResetBy } from './vocabulary.ts'
