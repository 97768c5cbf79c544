export type { ApiError } from './schema/error.ts'
