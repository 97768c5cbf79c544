import { type Static, Type } from 'typebox'
import { DIRECTIONS } from '../vocabulary.ts'
import { count, model, oneOf, orNull, time } from './base.ts'

export const DirectionSchema = oneOf(DIRECTIONS, { description: '`in`: from the client. `out`: to the client.' })

const Chunk = Type.Object({
  n: count('Rises by one from chunk to chunk of a connection, both directions together. The first is 1.'),
  at: time('When it was read or written.'),
  direction: DirectionSchema,
  offset: count("Offset of its first byte in the direction's stream."),
  data: Type.String({ description: 'Base64.' }),
})
/** The bytes of one read or write. The oldest kept chunk may have lost its beginning. */
export type PayloadChunk = Static<typeof Chunk>

const offsets = (description: string) =>
  Type.Object({ in: count('From the client.'), out: count('To the client.') }, { description })

const extent = {
  from: offsets('Offset of the first byte still kept. Earlier bytes were dropped, oldest first.'),
  to: offsets('One past the newest byte.'),
}
/** Which bytes of a connection are captured. Offsets count from the start of each direction's stream. */
export type PayloadExtent = Pick<PayloadFrame, keyof typeof extent>

export const PayloadFrameModel = model(
  'PayloadFrame',
  'The chunks after those already sent, of the connection that the reader follows.',
  Type.Object({
    type: Type.Literal('payload'),
    id: count('The connection.'),
    ...extent,
    chunks: Type.Array(Chunk),
    more: Type.Boolean({ description: 'More chunks follow in the next frame.' }),
  }),
)
export type PayloadFrame = Static<typeof PayloadFrameModel>

export const FollowFrameModel = model(
  'FollowFrame',
  "From a reader: send this connection's bytes, and no other connection's.",
  Type.Object({ type: Type.Literal('follow'), id: orNull(Type.Integer(), 'Null: send no bytes.') }),
)
export type FollowFrame = Static<typeof FollowFrameModel>
