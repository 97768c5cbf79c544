import { once } from 'node:events'
import WebSocket from 'ws'
import { type ServerFrame, SUBPROTOCOL } from '../shared/stream.ts'

/** A reader of `/ws` that is not a browser and takes frames as fast as they come. */
export interface Reader {
  /** Bytes received so far. */
  bytes(): number
  /** Stops reading from the socket, so that the server's frames pile up; `resume` continues. */
  pause(): void
  resume(): void
  /** Follows the bytes of this connection, like a dashboard with its panel open. */
  follow(id: number): void
  stop(): Promise<void>
}

/** @param onFrame gets each parsed frame; without `onFrame` nothing is parsed */
export async function openReader(url: string, onFrame?: (frame: ServerFrame) => void): Promise<Reader> {
  const socket = new WebSocket(feedOf(url), SUBPROTOCOL)
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

/** The feed of a dashboard; the token of its address goes with it. */
function feedOf(dashboard: string): URL {
  const url = new URL('/ws', dashboard)
  url.search = new URL(dashboard).search
  return url
}
