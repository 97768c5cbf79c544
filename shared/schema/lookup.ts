import { Type } from 'typebox'
import { LOOKUP_STEPS, VERDICTS } from '../vocabulary.ts'
import { oneOf, orNull } from './base.ts'

export const LookupAnswer = Type.Object(
  {
    verdict: oneOf(VERDICTS, {
      description: 'What receives the packet. `reset`: nothing, the kernel answers with RST.',
    }),
    connectionId: orNull(Type.Integer(), 'The connection that receives it. Null: none.'),
    steps: Type.Array(
      Type.Object({
        step: oneOf(LOOKUP_STEPS),
        found: Type.Boolean(),
        detail: Type.String({ description: 'The step in words.' }),
      }),
      { description: "The kernel's steps in order, up to the one that decides." },
    ),
  },
  { description: 'Which socket receives the packet, and why.' },
)
