import type { Endpoint } from '../../shared/endpoint.ts'
import { connectClient } from './clients.ts'
import type { Feed } from './feed.ts'

/** Connections that open and close while the stalled ones make no progress. */
const OTHERS = 3

/**
 * Resolves when these live connections make no progress while others are served: their queues are full.
 * Returns the bytes of both directions of all of them at that point.
 */
export async function stalled(feed: Feed, port: number, ids: number[]): Promise<{ bytesIn: number; bytesOut: number }> {
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
    const all = ids.map((id) => feed.table.live.get(id) ?? { bytesIn: 0, bytesOut: 0 })
    const bytesIn = all.reduce((sum, one) => sum + one.bytesIn, 0)
    const bytesOut = all.reduce((sum, one) => sum + one.bytesOut, 0)
    const now = `${bytesIn} ${bytesOut}`
    if (now === before && all.every((one) => one.bytesOut > 0)) return { bytesIn, bytesOut }
    before = now
  }
}
