/**
 * `in`: what has been read of what the client sent. `out`: what the server has written, the greeting and the echo included; what
 * the kernel has not taken of it yet (`bytesOut` is less by that) is among it.
 */
export type Direction = 'in' | 'out'

export const DIRECTIONS: readonly Direction[] = ['in', 'out']

/** Bytes as one read or write moved them; of the oldest one kept, the beginning may be missing. */
export interface PayloadChunk {
  /** Rises by one from chunk to chunk of a connection, both directions together; the first is 1. */
  n: number
  /** Unix milliseconds. */
  at: number
  direction: Direction
  /** Where in its direction's stream its first byte is. */
  offset: number
  /** Base64. */
  data: string
}

/** What of a connection's bytes is captured. Offsets count from the start of the stream, for each direction. */
export interface PayloadExtent {
  /** The first byte still kept; all before it has been dropped, oldest first. */
  from: Record<Direction, number>
  /** One past the newest byte. */
  to: Record<Direction, number>
}

/** To the dashboard that follows the connection: the chunks after those it has been sent. */
export interface PayloadFrame extends PayloadExtent {
  type: 'payload'
  id: number
  chunks: PayloadChunk[]
  /** More chunks are already there: the next frame brings them. */
  more: boolean
}

/** From a dashboard: send this connection's bytes, old and new, instead of any other's; null: none. */
export interface FollowFrame {
  type: 'follow'
  id: number | null
}

/** Memory for the bytes of all connections together, live and closed; over it, the connection that has been quiet for longest loses its bytes first. */
export const CAPTURE_TOTAL_BYTES = 64 * 1024 * 1024
