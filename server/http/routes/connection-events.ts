import type { Connection } from '../../../shared/connection.ts'
import { lifeOf, precedesBytes } from '../../../shared/life.ts'
import type { PayloadExtent } from '../../../shared/payload.ts'
import type { PayloadPiece } from '../../ports/actions.ts'

type Event = { kind: string; at: number } & Record<string, unknown>

/** One connection's events as JSON objects, ordered by time: accept, chunks, half-closes, actions, close. */
export async function lifeLines(connection: Connection, pieces: AsyncIterable<PayloadPiece>): Promise<string[]> {
  const { openedAt, id, family, local, remote, pid } = connection
  const [accept, ...life] = lifeOf(connection)
  const chunks: Event[] = []
  let extent: PayloadExtent | null = null
  for await (const piece of pieces) {
    extent ??= piece
    for (const { data, ...chunk } of piece.chunks) {
      chunks.push({ kind: 'chunk', ...chunk, bytes: Buffer.byteLength(data, 'base64') })
    }
  }
  const [before, after] = [life.filter(precedesBytes), life.filter((event) => !precedesBytes(event))]
  // The sort is stable, so events of the same millisecond keep this order.
  const events: Event[] = [...before, ...chunks, ...after].sort((a, b) => a.at - b.at)
  const dropped = extent === null ? { in: connection.bytesIn, out: connection.bytesOut } : extent.from
  if (dropped.in + dropped.out > 0) events.unshift({ kind: 'dropped', at: openedAt, in: dropped.in, out: dropped.out })
  return [{ ...accept, id, family, local, remote, pid }, ...events].map((event) => JSON.stringify(event))
}
