export type { JoinFacts } from './schema/join.ts'
