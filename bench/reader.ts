import { once } from 'node:events'
import WebSocket from 'ws'
import { type ServerFrame, SUBPROTOCOL } from '../shared/stream.ts'

/** A reader of `/ws` that takes everything at once and is not a browser. */
export interface Reader {
  /** Bytes received so far. */
  bytes(): number
  /** Stops reading from the socket, so that the server's frames have nowhere to go; and starts again. */
  pause(): void
  resume(): void
  /** Asks for the bytes of this connection, as a dashboard does with its panel open. */
  follow(id: number): void
  stop(): Promise<void>
}

/** @param onFrame gets each parsed frame; without it nothing is parsed */
export async function openReader(url: string, onFrame?: (frame: ServerFrame) => void): Promise<Reader> {
  const socket = new WebSocket(new URL('/ws', url), SUBPROTOCOL)
  let bytes = 0
  socket.on('message', (data: Buffer) => {
    bytes += data.length
    onFrame?.(JSON.parse(data.toString()) as ServerFrame)
  })
  await once(socket, 'message')
  return {
    bytes: () => bytes,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    follow: (id) => socket.send(JSON.stringify({ type: 'follow', id })),
    async stop() {
      socket.terminate()
      await once(socket, 'close')
    },
  }
}
