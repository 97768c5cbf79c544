import type { Connection } from '../../../shared/connection.ts'
import { finsOf } from '../../../shared/record.ts'
import type { PayloadExtent } from '../../../shared/payload.ts'
import type { PayloadPiece } from '../../ports/actions.ts'

type Event = { kind: string; at: number } & Record<string, unknown>

/** One connection's events as JSON objects, ordered by time: accept, chunks, half-closes, actions, close. */
export async function lifeLines(connection: Connection, pieces: AsyncIterable<PayloadPiece>): Promise<string[]> {
  const { openedAt, actions, close } = connection
  const { client, server } = finsOf(connection)
  // Within one millisecond, an action comes before its effects.
  const events: Event[] = actions.map((action) => ({ kind: 'action', at: action.at, action }))
  let extent: PayloadExtent | null = null
  for await (const piece of pieces) {
    extent ??= piece
    for (const { data, ...chunk } of piece.chunks) {
      events.push({ kind: 'chunk', ...chunk, bytes: Buffer.byteLength(data, 'base64') })
    }
  }
  const fins: Event[] = []
  if (client !== null) fins.push({ kind: 'half-close', at: client, by: 'peer' })
  if (server !== null) fins.push({ kind: 'half-close', at: server, by: 'server' })
  // If both FINs have the same time, only the close tells which one was first.
  events.push(...(close?.by === 'server' ? fins.reverse() : fins))
  if (close !== null) events.push({ kind: 'close', at: close.at, close })
  // The sort is stable, so events of the same millisecond keep the order above.
  events.sort((a, b) => a.at - b.at)
  const dropped = extent === null ? { in: connection.bytesIn, out: connection.bytesOut } : extent.from
  if (dropped.in + dropped.out > 0) events.unshift({ kind: 'dropped', at: openedAt, in: dropped.in, out: dropped.out })
  const { id, family, local, remote, pid } = connection
  events.unshift({ kind: 'accept', at: openedAt, id, family, local, remote, pid })
  return events.map((event) => JSON.stringify(event))
}
