export type { ListenTrial } from './schema/listen-trial.ts'
