import type { CloseBy, CloseHow } from '../../shared/connection.ts'
import type { Language } from '../../shared/language.ts'
import type { ProgressValues } from '../../shared/record.ts'
import type { Behavior, RefusedWhy } from '../../shared/stream.ts'
import type { AnswerMessage, AskMessage } from './asks.ts'

// Messages between the listener process and the control process (JSON over the child's IPC channel).
// Facts are tuples: a flood makes thousands of them, and field names would be most of their bytes.

export type OpenedFact = [
  id: number,
  fd: number,
  openedAt: number,
  localAddress: string,
  remoteAddress: string,
  remotePort: number,
]

export type ProgressFact = [id: number, lastActivityAt: number, progress: ProgressValues]

export type ClosedFact = [id: number, at: number, by: CloseBy, how: CloseHow, code: string | null]

export type RefusedFact = [at: number, why: RefusedWhy, localAddress: string, remoteAddress: string, remotePort: number]

export interface FactsMessage {
  type: 'facts'
  opened: OpenedFact[]
  progress: ProgressFact[]
  closed: ClosedFact[]
  /** At most REFUSED_DETAILS of them; `refusedCount` is how many there were. */
  refused: RefusedFact[]
  refusedCount: number
}

export interface ListeningMessage {
  type: 'listening'
  fd: number
  address: string
  port: number
  maxConnections: number
  descriptorLimit: number | null
}

/** Accepting has been stopped; `fd` is the copy of the listening descriptor that keeps the place. */
export interface PausedMessage {
  type: 'paused'
  fd: number
}

/** Newcomers are greeted in this language from now on. */
export interface GreetingMessage {
  type: 'greeting'
  language: Language
}

/** Said every BEAT_MS, whatever else is. */
export interface AliveMessage {
  type: 'alive'
  /** Captured bytes that the total limit has cost since the last one. */
  captureDropped: number
}

/** Accepting fails (`code` is an errno name, of `syscall` accept or listen), or works again (null). */
export interface FaultMessage {
  type: 'fault'
  code: string | null
  message: string
}

export type FromListener =
  | FactsMessage
  | ListeningMessage
  | PausedMessage
  | GreetingMessage
  | FaultMessage
  | AnswerMessage
  | AliveMessage

export interface ListenerOptions {
  /** The inherited listening descriptor; null where the listener process has to bind the port itself. */
  fd: number | null
  host: string
  port: number
  backlog: number
  behavior: Behavior
  /** null: no greeting. */
  greeting: Language | null
  /** null: as many as the descriptor limit allows. */
  maxConnections: number | null
  /** Milliseconds, 0 for never. */
  idleTimeoutMs: number
  firstId: number
  /** Newest payload bytes kept of each connection, in each direction; 0 for none. */
  captureBytes: number
  /** Hold the listening descriptor without accepting. */
  paused: boolean
}

export type ToListener =
  | { type: 'start'; options: ListenerOptions }
  | { type: 'pause' }
  | { type: 'resume' }
  | GreetingMessage
  | { type: 'stop'; graceMs: number }
  | AskMessage

/** Refusals told one by one in a batch; more are only counted. */
export const REFUSED_DETAILS = 200

/**
 * Accepts that the control process has not been told of yet; over it, newcomers are refused as `behind`. A listener process
 * that dies takes at most so many ids with it, so the next one starts that far on and no id is used twice.
 */
export const UNREPORTED_MAX = 20_000
