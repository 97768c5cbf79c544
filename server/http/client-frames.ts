import type { RawData, WebSocket } from 'ws'
import type { ErrorFrame } from '../../shared/stream.ts'

/** Bytes of a frame from a dashboard; more is answered with an error. */
const FRAME_MAX = 1024 * 1024
/** More than this is not even read: ws closes with 1009. */
export const FRAME_READ_MAX = 4 * FRAME_MAX
/** Bad frames in a row before the connection is closed with 1008. */
const BAD_FRAMES_MAX = 5

/** Reads what a dashboard sends. Nothing is asked for yet, so every well-formed frame is of an unknown type. */
export class ClientFrames {
  readonly #socket: WebSocket
  #badInARow = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  receive(data: RawData, isBinary: boolean): void {
    const [code, message] = problem(data, isBinary)
    const frame: ErrorFrame = { type: 'error', code, message }
    this.#socket.send(JSON.stringify(frame))
    if (++this.#badInARow >= BAD_FRAMES_MAX) this.#socket.close(1008, 'too many bad frames')
  }
}

function problem(data: RawData, isBinary: boolean): [code: string, message: string] {
  if (isBinary) return ['BINARY_FRAME', 'Frames are JSON text.']
  const text = data.toString()
  if (Buffer.byteLength(text) > FRAME_MAX) return ['FRAME_TOO_LARGE', `A frame has at most ${FRAME_MAX} bytes.`]
  const type = frameType(text)
  if (type === null) return ['MALFORMED_FRAME', 'A frame is a JSON object with a "type".']
  return ['UNKNOWN_TYPE', `There is no frame type ${JSON.stringify(type.slice(0, 50))}.`]
}

function frameType(text: string): string | null {
  try {
    const frame: unknown = JSON.parse(text)
    if (typeof frame === 'object' && frame !== null && 'type' in frame && typeof frame.type === 'string')
      return frame.type
  } catch {
    // Not JSON.
  }
  return null
}
