import type { RawData, WebSocket } from 'ws'
import type { FollowFrame } from '../../../shared/payload.ts'
import type { ErrorFrame } from '../../../shared/stream.ts'
import type { FrameError } from '../../../shared/vocabulary.ts'
import { noSuchConnection } from '../errors.ts'

/** Limit of a dashboard's frame in bytes. A larger frame is answered with an error. */
const FRAME_MAX = 1024 * 1024
/** Frames above this limit are not even read: ws closes with code 1009. */
export const FRAME_READ_MAX = 4 * FRAME_MAX
/** Consecutive bad frames before the connection is closed with code 1008. */
const BAD_FRAMES_MAX = 5
/** Limit of unread answers to a dashboard's frames and pings. A dashboard with more is not reading any more. */
const UNREAD_MAX = 1_000

/** The requests that a dashboard can send. */
export interface Asked {
  /** @returns false if there is no such connection */
  follow(id: number | null): boolean
}

/** Handles a dashboard's frames, and answers bad ones with errors. */
export class ClientFrames {
  readonly #socket: WebSocket
  readonly #asked: Asked
  #badInARow = 0
  #unread = 0

  constructor(socket: WebSocket, asked: Asked) {
    this.#socket = socket
    this.#asked = asked
  }

  receive(data: RawData, isBinary: boolean): void {
    const frame = read(data, isBinary)
    if (frame.type === 'error') {
      this.#send(frame)
      if (++this.#badInARow >= BAD_FRAMES_MAX) this.#socket.close(1008, 'too many bad frames')
      return
    }
    this.#badInARow = 0
    const { id } = frame
    if (this.#asked.follow(id) || id === null) return
    this.#send(error('CONNECTION_NOT_FOUND', noSuchConnection(id).message))
  }

  /** Answers a ping. ws itself would do so without a limit. */
  pinged(data: Buffer): void {
    this.#answer((read) => this.#socket.pong(data, false, read))
  }

  #send(frame: ErrorFrame): void {
    this.#answer((read) => this.#socket.send(JSON.stringify(frame), read))
  }

  /** Closes a client that keeps sending without reading, because its answers would pile up in memory. */
  #answer(send: (read: () => void) => void): void {
    if (++this.#unread > UNREAD_MAX) this.#socket.terminate()
    else send(() => this.#unread--)
  }
}

function read(data: RawData, isBinary: boolean): FollowFrame | ErrorFrame {
  if (isBinary) return error('BINARY_FRAME', 'Frames are JSON text.')
  const text = data.toString()
  if (Buffer.byteLength(text) > FRAME_MAX) return error('FRAME_TOO_LARGE', `A frame has at most ${FRAME_MAX} bytes.`)
  const frame = parse(text)
  if (frame === null) return error('MALFORMED_FRAME', 'A frame is a JSON object with a "type".')
  const { type, id } = frame
  if (type !== 'follow') return error('UNKNOWN_TYPE', `There is no frame type ${JSON.stringify(type.slice(0, 50))}.`)
  if (id === null || (typeof id === 'number' && Number.isSafeInteger(id))) return { type, id }
  return error('MALFORMED_FRAME', 'The "id" of a follow frame is the id of a connection, or null.')
}

function parse(text: string): { type: string; id?: unknown } | null {
  try {
    const frame: unknown = JSON.parse(text)
    if (typeof frame === 'object' && frame !== null && 'type' in frame && typeof frame.type === 'string') {
      return { id: undefined, ...frame, type: frame.type }
    }
  } catch {
    // Not JSON.
  }
  return null
}

function error(code: FrameError, message: string): ErrorFrame {
  return { type: 'error', code, message }
}
