import { type Static, Type } from 'typebox'
import { count, model, orNull, time } from './base.ts'
import { CROWD_MAX, CROWD_MIN } from '../crowd-limits.ts'

const CrowdAddress = Type.Object({
  address: Type.String({ description: "The clients' IP address." }),
  size: count('Its connections that the server has accepted.'),
  refused: orNull(
    Type.String(),
    'The errno name with which the kernel refused a further client of this address. `EADDRNOTAVAIL`: its ports are used up.',
  ),
})

export const CrowdModel = model(
  'Crowd',
  'Very many built-in clients at once, from one address after the other. Each address connects until the kernel refuses.',
  Type.Object({
    size: count('Connections that the server has accepted.'),
    addresses: Type.Array(CrowdAddress),
    ports: Type.Object(
      {
        first: count('The lowest.'),
        last: count('The highest.'),
        limited: Type.Boolean({
          description:
            "False: the machine's ephemeral ports. True: fewer, by IP_LOCAL_PORT_RANGE, because the descriptors would not last for the ports of one address.",
        }),
      },
      { description: 'The client ports from which the kernel chooses.' },
    ),
    room: orNull(
      Type.Integer({ minimum: 0 }),
      'For how many more connections the server had room, less some for others. Null: for as many as asked for.',
    ),
    endsAt: time('When it is closed, at the latest.'),
  }),
)
export type Crowd = Static<typeof CrowdModel>

export const CrowdKey = Type.String({
  minLength: 1,
  maxLength: 64,
  description:
    'A crowd may be opened with a key. A close with another key leaves it open; a close without a key closes any crowd.',
})

export const CrowdBody = Type.Object(
  {
    key: Type.Optional(CrowdKey),
    count: Type.Integer({ minimum: CROWD_MIN, maximum: CROWD_MAX, description: 'How many to open, if as many fit.' }),
  },
  { additionalProperties: false, examples: [{ count: 600 }] },
)
