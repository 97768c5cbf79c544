import type { Connection } from '../../shared/connection.ts'
import type { Direction, PayloadChunk, PayloadExtent } from '../../shared/payload.ts'
import { interfaceDescription, sectionHeader } from './blocks.ts'
import { sectionComment } from './comment.ts'
import { Conversation } from './conversation.ts'
import { type EndingSegment, endingsOf } from './endings.ts'

/**
 * Yields one connection as a pcapng file, one buffer for each piece of its captured bytes.
 * @param kept the extent of the first piece, where the file ends too; null: no bytes are kept
 */
export async function* exportPcapng(
  connection: Connection,
  kept: PayloadExtent | null,
  pieces: AsyncIterable<{ chunks: readonly PayloadChunk[] }>,
  version: string,
): AsyncGenerator<Buffer> {
  const lengths = lengthsOf(connection, kept)
  const conversation = new Conversation(connection.remote, connection.local)
  const endings = endingsOf(connection)
  yield Buffer.concat([
    sectionHeader(`oneport ${version}`, sectionComment(connection, lengths, kept)),
    interfaceDescription('oneport'),
    ...conversation.open(connection.openedAt),
  ])
  const reached = { ...(kept?.from ?? lengths) }
  for await (const { chunks } of pieces) {
    const blocks: Buffer[] = []
    for (const { at, direction, offset, data } of chunks) {
      while (endings[0] !== undefined && endings[0].at < at) blocks.push(...ending(conversation, endings, lengths))
      const bytes = Buffer.from(data, 'base64')
      reached[direction] = offset + bytes.length
      const left = lengths[direction] - offset
      if (left > 0) blocks.push(...conversation.data(direction, at, offset, bytes.subarray(0, left)))
    }
    yield Buffer.concat(blocks)
    // A live connection may receive bytes faster than they can be downloaded.
    if (reached.in >= lengths.in && reached.out >= lengths.out) break
  }
  while (endings.length > 0) yield Buffer.concat([...ending(conversation, endings, lengths)])
}

/** Takes the first FIN or RST off the list. */
function* ending(
  conversation: Conversation,
  endings: EndingSegment[],
  lengths: Record<Direction, number>,
): Generator<Buffer> {
  const first = endings.shift()
  if (first === undefined) return
  const { kind, direction, at } = first
  yield* conversation[kind](direction, at, lengths[direction])
}

/** The lengths of both streams. A live connection's record may be older than its captured bytes. */
function lengthsOf({ bytesIn, bytesOut, close }: Connection, kept: PayloadExtent | null): Record<Direction, number> {
  const received = Math.max(bytesIn, kept?.to.in ?? 0, close?.evidence?.bytesReceived ?? 0)
  // What the server wrote and the kernel had not taken when the connection closed was never sent.
  const sent = close === null ? (kept?.to.out ?? bytesOut) : bytesOut
  return { in: received, out: sent }
}
