import type { Endpoint } from '../../shared/endpoint.ts'
import { connectClient } from './clients.ts'
import type { Feed } from './feed.ts'

/** Connections that open and close while the stalled one makes no progress. */
const OTHERS = 3

/**
 * Resolves when a live connection makes no progress while others are served: its queues are full.
 * Returns the bytes of both directions at that point.
 */
export async function stalled(feed: Feed, port: number, id: number): Promise<{ bytesIn: number; bytesOut: number }> {
  for (let before = ''; ;) {
    for (let i = 0; i < OTHERS; i++) {
      const other = await connectClient(port)
      other.socket.destroy()
      // While the server is busy with the others, it may refuse a connection.
      const isOther = ({ remote }: { remote: Endpoint }): boolean => remote.port === other.local.port
      await feed.until('another one is served or refused', ({ table }) => {
        return [...table.closed.values(), ...table.refused].some(isOther)
      })
    }
    const { bytesIn, bytesOut } = feed.table.live.get(id) ?? { bytesIn: 0, bytesOut: 0 }
    const now = `${bytesIn} ${bytesOut}`
    if (now === before && bytesOut > 0) return { bytesIn, bytesOut }
    before = now
  }
}
