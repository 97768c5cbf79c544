import type { Direction } from '../../../shared/vocabulary.ts'
import type { Actions, PayloadPiece } from '../../ports/actions.ts'

/** Bytes requested from the listener process at a time, which limits the memory of a download. */
const PIECE_BYTES = 256 * 1024

/** A connection's first captured bytes; null: nothing was captured, or everything has been dropped. */
export function firstPiece(actions: Actions, id: number): Promise<PayloadPiece | null> {
  return actions.payload(id, 0, PIECE_BYTES)
}

/** Yields a connection's captured bytes piece by piece. The next piece is requested only when the last one has been used. */
export async function* pieces(actions: Actions, id: number, first: PayloadPiece | null): AsyncGenerator<PayloadPiece> {
  let piece = first ?? (await firstPiece(actions, id))
  while (piece !== null) {
    yield piece
    const last = piece.chunks.at(-1)
    if (!piece.more || last === undefined) return
    piece = await actions.payload(id, last.n, PIECE_BYTES)
  }
}

/** Yields the bytes of one direction from `from` to `to`. @throws if some of them have been dropped during the download */
export async function* captured(
  actions: Actions,
  id: number,
  first: PayloadPiece | null,
  direction: Direction,
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  let at = from
  if (at === to) return
  for await (const { chunks } of pieces(actions, id, first)) {
    for (const { offset, data, ...chunk } of chunks) {
      if (chunk.direction !== direction) continue
      if (offset > at) break
      const bytes = Buffer.from(data, 'base64').subarray(at - offset, to - offset)
      at += bytes.length
      yield bytes
      if (at === to) return
    }
  }
  throw new Error(`bytes ${at} to ${to} of connection ${id} were dropped during their download`)
}
