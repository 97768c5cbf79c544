import type { CloseAction } from '../../shared/action.ts'
import type { Direction, PayloadExtent } from '../../shared/payload.ts'
import type { BehaviorSetting } from '../../shared/script.ts'
import type { ActionRefusal } from '../../shared/vocabulary.ts'

// Requests from the control process to the listener process, and their answers.

/** The connections with these ids, or every live one. */
export type ConnectionIds = number[] | 'all'

export interface SendAsk {
  what: 'send'
  ids: ConnectionIds
  /** Base64. */
  data: string
}

export interface CloseAsk {
  what: 'close'
  ids: ConnectionIds
  how: CloseAction
}

export interface ReadingAsk {
  what: 'reading'
  id: number
  paused: boolean
}

export interface BehaviorAsk {
  what: 'behavior'
  id: number
  /** null: the port's. */
  setting: BehaviorSetting | null
}

export interface PayloadAsk {
  what: 'payload'
  id: number
  /** Number of the newest chunk the reader already has; 0 for none. */
  after: number
  /** Approximate limit of one answer in bytes; an answer has at least one chunk. */
  maxBytes: number
}

export interface SearchAsk {
  what: 'search'
  /** What to search for in the captured bytes. */
  texts: string[]
}

/** For each connection: unsent bytes, or the reason for the refusal. */
export type AskResult = [id: number, waiting: number, code: ActionRefusal | null]

export type ChunkTuple = [n: number, at: number, direction: Direction, offset: number, base64: string]

export interface PayloadPart extends PayloadExtent {
  chunks: ChunkTuple[]
  more: boolean
}

export interface Answers {
  send: AskResult[]
  close: AskResult[]
  reading: AskResult
  behavior: AskResult
  /**
   * null: nothing was captured, or the connection has closed and its bytes were dropped. For a live connection `from`
   * says what was dropped.
   */
  payload: PayloadPart | null
  /** For each text, the ids of the connections whose captured bytes contain it. */
  search: number[][]
}

export type Ask = SendAsk | CloseAsk | ReadingAsk | BehaviorAsk | PayloadAsk | SearchAsk

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
