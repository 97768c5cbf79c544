import { type Static, Type } from 'typebox'
import { PORT_PROBLEMS, PROBLEMS, SEVERITIES } from '../vocabulary.ts'
import { count, model, oneOf, time } from './base.ts'

const Evidence = Type.Object(
  {
    sendQueue: Type.Optional(count('Bytes waiting to be sent or acknowledged.')),
    sendWindow: Type.Optional(count('Bytes that the client is ready to receive.')),
    recvQueue: Type.Optional(count('Bytes that the server program has not read.')),
    retransmits: Type.Optional(count('Segments retransmitted over the life of the socket.')),
    probes: Type.Optional(count('Keepalive probes without an answer.')),
  },
  { description: 'The facts that show it, sampled. Which ones, depends on the code.' },
)
/** The sampled facts that show a problem. */
export type ProblemEvidence = Static<typeof Evidence>

export const ProblemModel = model(
  'Problem',
  'What is wrong with a live connection. What was done on request, such as stopping to read, is no problem.',
  Type.Object({
    code: oneOf(PROBLEMS, {
      description:
        "`waiting`: in the accept queue. `peer-not-reading`: bytes wait because the client's window is closed. `retransmitting`: the client does not acknowledge. `vanished`: the client answers no keepalive probes. `not-closed`: the client sent FIN, and for over 2 s the server has sent nothing and has not closed. `unread`: for over 2 s received bytes wait, and the program has read none. `tls-to-plain`: the client's first bytes look like TLS, which the port does not speak. `unfinished-request`: for over 5 s the head of an HTTP request has not ended.",
    }),
    severity: oneOf(SEVERITIES, {
      description: '`critical`: bytes do not arrive. `warning`: something waits that should not have to.',
    }),
    since: time('When it was first sampled. `not-closed`: when bytes or the FIN last passed.'),
    evidence: Evidence,
  }),
)
export type Problem = Static<typeof ProblemModel>

export const PortProblemModel = model(
  'PortProblem',
  'What is wrong with the port, although each of its connections may look harmless. It stays for at least 5 s.',
  Type.Object({
    code: oneOf(PORT_PROBLEMS, {
      description:
        '`accept-queue-full`: a sample has shown the accept queue longer than its limit, though nobody has stopped accepting; the kernel then drops new connections. `flooding`: for at least 4 s one address has opened 100 or more connections a second. `not-closed-growing`: for 25 s the number of connections with `not-closed` has grown and not fallen. `reconnecting`: a client connects again and again; at least 10 short connections of one address, one after the other, without an orderly exchange. It never names an address that floods.',
    }),
    since: time('When it began.'),
    endedAt: Type.Optional(time('When it was over. Of a current problem it is missing.')),
    evidence: Type.Object(
      {
        connections: count(
          'The longest accept queue sampled; or connections that are not closed; or those in the run of reconnects; or at least those of the flood.',
        ),
        limit: Type.Optional(count('The limit of the accept queue.')),
        before: Type.Optional(count('How many were not closed at `since`.')),
        address: Type.Optional(
          Type.String({ description: 'The client that reconnects or floods. The worst, if there are several.' }),
        ),
        perSecond: Type.Optional(count('Connections a second of the flood, counted for 2 s.')),
        refused: Type.Optional(count('How many connections of the flood were refused.')),
        lastAt: Type.Optional(time('The end of the last 2 s in which the address opened that many connections.')),
        longestMs: Type.Optional(Type.Number({ description: 'The longest connection of the run, milliseconds.' })),
        clientResets: Type.Optional(count('How many connections of the run the client ended with RST.')),
        serverResets: Type.Optional(count('How many connections of the run the server ended with RST.')),
      },
      { description: 'The facts that show it.' },
    ),
  }),
)
export type PortProblem = Static<typeof PortProblemModel>
