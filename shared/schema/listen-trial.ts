import { type Static, Type } from 'typebox'
import { model, orNull, ref } from './base.ts'
import { EndpointModel } from './endpoint.ts'

export const ListenTrialModel = model(
  'ListenTrial',
  'An attempt to open one more listening socket on this machine, and the answer of the kernel.',
  Type.Object({
    local: ref(EndpointModel, 'The address and port that the socket asked for.'),
    code: orNull(
      Type.String(),
      'The errno name with which the kernel refused. `EADDRINUSE`: another socket has this address and port. Null: the socket listened.',
    ),
  }),
)
export type ListenTrial = Static<typeof ListenTrialModel>
