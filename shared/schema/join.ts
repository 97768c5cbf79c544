import { type Static, Type } from 'typebox'
import { model, orNull } from './base.ts'

const StartOptionSchema = Type.Object({
  flag: Type.String({ description: 'Without the dashes.' }),
  variable: Type.String({ description: 'The environment variable that sets the same.' }),
  value: Type.String(),
})
/** An option that the server was started with. */
export type StartOption = Static<typeof StartOptionSchema>

export const JoinModel = model(
  'Join',
  'How a class reaches the dashboard.',
  Type.Object({
    token: orNull(Type.String(), 'A view-only token. Null: no token is set, so everybody has full control.'),
    addresses: Type.Array(Type.String(), {
      description:
        'Addresses of this machine at which other machines reach the dashboard. Empty: only this machine reaches it.',
    }),
    port: Type.Integer({ description: "The dashboard's port." }),
    allowHosts: Type.Array(Type.String(), {
      description: 'Further host names that the dashboard answers to (`--allow-host`).',
    }),
    startedWith: Type.Array(StartOptionSchema, {
      description: 'The options that the server was started with, except `--token`.',
    }),
  }),
)
/** The answer of `GET /api/join`: what the page needs to build the link for a class. */
export type JoinFacts = Static<typeof JoinModel>
