import { Type } from 'typebox'
import type { JoinFacts } from '../../../shared/join.ts'
import { model, orNull } from './common.ts'

export const JoinModel = model<JoinFacts>()(
  'Join',
  'How a class reaches the dashboard.',
  Type.Object({
    token: orNull(Type.String(), 'A token that only lets look; null where none is set, and everybody may act.'),
    addresses: Type.Array(Type.String(), {
      description:
        'Addresses of this machine at which other machines reach the dashboard; none while only this one does.',
    }),
    port: Type.Integer({ description: "The dashboard's port." }),
    allowHosts: Type.Array(Type.String(), { description: 'Further names it answers to (`--allow-host`).' }),
  }),
)
