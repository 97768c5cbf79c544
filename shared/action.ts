import type { TcpState } from './kernel.ts'

/** `fin`: close(2). `half`: shutdown(2) of our direction only, the client may go on sending. `reset`: RST. */
export type CloseAction = 'fin' | 'half' | 'reset'

export type ActionKind = 'send' | CloseAction | 'pause-reading' | 'resume-reading'

/** What somebody did to a connection through the dashboard or the API, and what came of it. */
export interface Action {
  /** Unix milliseconds. */
  at: number
  kind: ActionKind
  /** Bytes of a send; and those of them and of earlier ones that the kernel had not taken yet. */
  bytes: number | null
  waiting: number | null
  /** Why it was refused; null when it was done. */
  code: string | null
  /** What the kernel said of the socket right after; null when it has none any more, or cannot be asked. */
  kernel: { tcpState: TcpState; recvQueue: number; sendQueue: number } | null
}

/** The newest of them are kept with a connection. */
export const ACTIONS_KEPT = 50

/** Bytes of a request's body at most, JSON and all. */
export const BODY_MAX = 1024 * 1024
