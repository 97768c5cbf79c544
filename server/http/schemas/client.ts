import { Type } from 'typebox'
import type { ClientRecord } from '../../../shared/client.ts'
import { count, EndpointModel, model, orNull, ref } from './common.ts'

export const ClientModel = model<ClientRecord>()(
  'Client',
  'A built-in client: a real socket to this listener.',
  Type.Object({
    id: count('Its number among the built-in clients.'),
    local: ref(EndpointModel, "The client's own end."),
    remote: ref(EndpointModel, "The server's end."),
    connectionId: orNull(Type.Integer(), 'The connection at the server; null while it waits in the accept queue.'),
    reading: Type.Boolean({ description: 'False: it never reads, so that the windows fill.' }),
    bytesIn: count('Bytes it has received.'),
    bytesOut: count('Bytes it has sent.'),
  }),
)
