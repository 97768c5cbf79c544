import type { Action } from './action.ts'
import type { Endpoint } from './endpoint.ts'
import type { KernelFacts } from './kernel.ts'

/** Live states are `open` and `half-closed` (the client has sent FIN, the server has not). */
export type ConnectionState = 'open' | 'half-closed' | 'closed'

/** Who ended a connection first; `system` is what neither side chose. */
export type CloseBy = 'peer' | 'server' | 'system'

export type CloseHow = 'fin' | 'reset' | 'timeout' | 'error'

export interface Close {
  at: number
  by: CloseBy
  how: CloseHow
  /** An errno name such as `ECONNRESET`, or one of ours (`LISTENER_DIED`). */
  code: string | null
}

/** Running totals in bytes and chunks; `In` is what came from the client. */
export interface Totals {
  bytesIn: number
  bytesOut: number
  chunksIn: number
  chunksOut: number
}

/** What the first bytes look like; a guess. `serverName` is the one a TLS client asks for (RFC 6066, SNI). */
export interface Protocol {
  name: 'HTTP' | 'TLS' | 'SSH' | 'Redis' | 'PostgreSQL'
  serverName: string | null
}

/** What changes of a connection while it lives. Times are Unix milliseconds. */
export interface Progress extends Totals {
  /** When the client's FIN came; null until then. */
  halfClosedAt: number | null
  /** When ours was sent while the connection went on; null until then, and where only its close sent one. */
  finSentAt: number | null
  /** Somebody has stopped the reading, so that the windows fill. */
  readingPaused: boolean
  /** Null until there are enough bytes for a guess, and when they look like nothing known. */
  protocol: Protocol | null
}

/** One TCP connection of the port, as every reader sees it. Times are Unix milliseconds. */
export interface Connection extends Progress {
  id: number
  family: 4 | 6
  local: Endpoint
  /** `0.0.0.0:0` or `[::]:0` when the client reset the connection before it could be asked. */
  remote: Endpoint
  pid: number
  fd: number | null
  openedAt: number
  lastActivityAt: number
  state: ConnectionState
  close: Close | null
  /** What the kernel said of the socket when it was last asked; null where it has none, or cannot be asked. */
  kernel: (KernelFacts & { sampledAt: number }) | null
  /** What was done to it by hand, oldest first: the newest ACTIONS_KEPT. */
  actions: readonly Action[]
}
