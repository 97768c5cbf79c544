export type { FollowFrame, PayloadChunk, PayloadExtent, PayloadFrame } from './schema/payload.ts'
export { type Direction, DIRECTIONS } from './vocabulary.ts'

/**
 * Memory limit for the captured bytes of all connections, live and closed. Above this limit, the connection that has
 * been quiet the longest loses its bytes first.
 */
export const CAPTURE_TOTAL_BYTES = 64 * 1024 * 1024
