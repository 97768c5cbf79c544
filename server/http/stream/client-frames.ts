import type { RawData, WebSocket } from 'ws'
import type { FollowFrame } from '../../../shared/payload.ts'
import type { ErrorFrame } from '../../../shared/stream.ts'
import type { FrameError } from '../../../shared/vocabulary.ts'

/** Bytes of a frame from a dashboard; more is answered with an error. */
const FRAME_MAX = 1024 * 1024
/** More than this is not even read: ws closes with 1009. */
export const FRAME_READ_MAX = 4 * FRAME_MAX
/** Bad frames in a row before the connection is closed with 1008. */
const BAD_FRAMES_MAX = 5
/** Answers to its frames and pings that a dashboard has not read: more, and it will not. */
const UNREAD_MAX = 1_000

/** What a dashboard can ask for. */
export interface Asked {
  /** @returns false when there is no such connection */
  follow(id: number | null): boolean
}

/** Reads what a dashboard sends, and answers what makes no sense. */
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
    if (!this.#asked.follow(frame.id)) {
      this.#send(error('CONNECTION_NOT_FOUND', `There is no connection ${frame.id}.`))
    }
  }

  /** A ping, which ws would answer by itself, as often as it comes. */
  pinged(data: Buffer): void {
    this.#answer((read) => this.#socket.pong(data, false, read))
  }

  #send(frame: ErrorFrame): void {
    this.#answer((read) => this.#socket.send(JSON.stringify(frame), read))
  }

  /** Who asks and asks but does not read must not make answers pile up. */
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
