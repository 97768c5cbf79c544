import type { CloseBy, CloseHow, ResetBy } from '../../shared/connection.ts'
import type { ClockOrigin } from '../clock.ts'
import type { Language } from '../../shared/language.ts'
import type { ProgressValues } from '../../shared/record.ts'
import type { BehaviorSetting } from '../../shared/script.ts'
import type { RefusedWhy } from '../../shared/stream.ts'
import type { AnswerMessage, AskMessage } from './asks.ts'

// Messages between the listener process and the control process (JSON over the child's IPC channel). Facts are
// tuples, because a flood makes thousands of them, and field names would be most of their bytes. All times are steady
// (clock.ts).

export type OpenedFact = [
  id: number,
  fd: number,
  openedAt: number,
  localAddress: string,
  remoteAddress: string,
  remotePort: number,
  /** The socket's inode; 0: it has closed already. */
  inode: number,
]

export type ProgressFact = [id: number, lastActivityAt: number, progress: ProgressValues]

export type ClosedFact = [
  id: number,
  at: number,
  by: CloseBy,
  how: CloseHow,
  reset: ResetBy | null,
  code: string | null,
  /** Whether a FIN of the client may have come unseen, right before our RST. */
  finPossible: boolean,
]

export type RefusedFact = [at: number, why: RefusedWhy, localAddress: string, remoteAddress: string, remotePort: number]

export interface FactsMessage {
  type: 'facts'
  opened: OpenedFact[]
  progress: ProgressFact[]
  closed: ClosedFact[]
  /** At most REFUSED_DETAILS refusals; `refusedCount` counts them all. */
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

/** Accepting has been stopped. `fd` is the copy of the listening descriptor that keeps the port open. */
export interface PausedMessage {
  type: 'paused'
  fd: number
}

/** New connections are greeted in this language from now on. */
export interface GreetingMessage {
  type: 'greeting'
  language: Language
}

/** Connections without a behavior of their own are served so from now on. */
export interface BehaviorMessage extends BehaviorSetting {
  type: 'behavior'
}

/** Sent every BEAT_MS, even if nothing has happened. */
export interface AliveMessage {
  type: 'alive'
  /** Captured bytes dropped because of the total limit since the last message. */
  captureDropped: number
}

/** accept() or listen() fails with the errno name `code`, or works again (null). */
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
  | BehaviorMessage
  | FaultMessage
  | AnswerMessage
  | AliveMessage

export interface ListenerOptions extends BehaviorSetting {
  /** The inherited listening descriptor; null if the listener process has to bind the port itself. */
  fd: number | null
  host: string
  port: number
  backlog: number
  /** null: no greeting. */
  greeting: Language | null
  /** null: as many as the descriptor limit allows. */
  maxConnections: number | null
  /** Milliseconds; 0 means no timeout. */
  idleTimeoutMs: number
  /** Milliseconds of silence before TCP keepalive probes; 0 means none. */
  keepaliveMs: number
  firstId: number
  /** Captured bytes kept per connection and direction, the newest ones; 0 for none. */
  captureBytes: number
  /** Keeps the listening descriptor open without accepting. */
  paused: boolean
}

export type ToListener =
  /** `idsFd`: the inherited descriptor in which used ids are noted (ids.ts). `clock`: from where all processes count. */
  | { type: 'start'; options: ListenerOptions; idsFd: number | null; clock: ClockOrigin }
  | { type: 'pause' }
  | { type: 'resume' }
  | GreetingMessage
  | BehaviorMessage
  | { type: 'stop'; graceMs: number }
  | AskMessage

/** Limit of refusals listed one by one in a message; the others are only counted. */
export const REFUSED_DETAILS = 200

/**
 * Limit of accepts that the control process has not received yet. Above this limit, new connections are refused as
 * `behind`. A listener process that dies loses at most this many ids.
 */
export const UNREPORTED_MAX = 20_000
