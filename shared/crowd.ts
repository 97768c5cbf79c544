export { CROWD_MAX, CROWD_MIN } from './crowd-limits.ts'
export type { Crowd } from './schema/crowd.ts'
