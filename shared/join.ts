export type { JoinFacts, StartOption } from './schema/join.ts'
