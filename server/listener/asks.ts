import type { CloseAction } from '../../shared/action.ts'
import type { Direction, PayloadExtent } from '../../shared/payload.ts'

// What the control process asks of the listener process beside its orders, each with an answer.

export interface SendAsk {
  what: 'send'
  ids: number[] | 'all'
  /** Base64. */
  data: string
}

export interface CloseAsk {
  what: 'close'
  ids: number[] | 'all'
  how: CloseAction
}

export interface ReadingAsk {
  what: 'reading'
  id: number
  paused: boolean
}

export interface PayloadAsk {
  what: 'payload'
  id: number
  /** The number of the last chunk known already; 0 for none. */
  after: number
  /** Roughly how many bytes one answer may have; at least one chunk. */
  maxBytes: number
}

/** Of each connection: the bytes that wait for the kernel to take them, or why it was refused. */
export type AskResult = [id: number, waiting: number, code: RefusalCode | null]

/** CONNECTION_CLOSED: there is none live with this id. FIN_SENT: our direction has ended. SEND_QUEUE_FULL: the peer does not read. */
export type RefusalCode = 'CONNECTION_CLOSED' | 'FIN_SENT' | 'SEND_QUEUE_FULL'

export type ChunkTuple = [n: number, at: number, direction: Direction, offset: number, base64: string]

export interface PayloadPart extends PayloadExtent {
  chunks: ChunkTuple[]
  more: boolean
}

export interface Answers {
  send: AskResult[]
  close: AskResult[]
  reading: AskResult
  /** null: nothing was captured of it, or it has closed and all has been dropped. Of a live one `from` tells what was dropped. */
  payload: PayloadPart | null
}

export type Ask = SendAsk | CloseAsk | ReadingAsk | PayloadAsk

export interface AskMessage {
  type: 'ask'
  request: number
  ask: Ask
}

export interface AnswerMessage {
  type: 'answer'
  request: number
  answer: Answers[keyof Answers]
}
