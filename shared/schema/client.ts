import { type Static, Type } from 'typebox'
import { count, model, orNull, ref } from './base.ts'
import { EndpointModel } from './endpoint.ts'

const reading = { description: 'False: the client never reads, so that the windows fill.' }

export const ClientModel = model(
  'Client',
  'A built-in client: a real socket connected to this listener.',
  Type.Object({
    id: count('Its number among the built-in clients.'),
    local: ref(EndpointModel, "The client's own end."),
    remote: ref(EndpointModel, "The server's end."),
    connectionId: orNull(Type.Integer(), 'Its connection at the server. Null: it waits in the accept queue.'),
    reading: Type.Boolean(reading),
    bytesIn: count('Bytes it has received.'),
    bytesOut: count('Bytes it has sent.'),
  }),
)
/** A built-in client of this listener. `local` is the client's own endpoint. */
export type ClientRecord = Static<typeof ClientModel>

const Address = Type.String({ maxLength: 64 })

export const ClientBody = Type.Object(
  {
    from: Type.Optional(
      Type.Object(
        {
          address: Type.Optional(Address),
          port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535, description: '0: any free port.' })),
        },
        { additionalProperties: false, description: "The client's own end. The kernel chooses what you leave out." },
      ),
    ),
    to: Type.Optional(
      Type.Object(
        { address: Type.Optional(Address) },
        { additionalProperties: false, description: "One of the listening socket's addresses." },
      ),
    ),
    reading: Type.Optional(Type.Boolean({ default: true, ...reading })),
  },
  { additionalProperties: false, examples: [{ from: { address: '127.0.0.2', port: 50_000 } }] },
)
/** Describes the built-in client to open. */
export type ClientRequest = Static<typeof ClientBody>
