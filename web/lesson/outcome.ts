import type { Evidence, PacketFact } from './evidence.ts'
import type { AnswerOf, StepId } from './steps.ts'
import { sharesPort } from './transfer.ts'

/** Of a question with two parts, an answer to each (prediction.ts). */
type OutcomeOf<S extends StepId> = S extends 'tuples' ? `${AnswerOf<S>}+${AnswerOf<S>}` : AnswerOf<S>

/** The answer that the evidence gives to each step's question; null if it does not decide. */
const OUTCOMES: { [S in StepId]: (evidence: Evidence) => OutcomeOf<S> | null } = {
  listening: () => null,
  first: ({ listening, sockets: [socket] }) =>
    socket === undefined
      ? null
      : socket.local.port === listening.local.port
        ? 'same'
        : socket.local.port === socket.remote?.port
          ? 'client'
          : 'new',
  second: ({ sockets: [a, b] }) =>
    a?.local.port !== b?.local.port
      ? 'local-port'
      : a?.remote?.address !== b?.remote?.address
        ? 'remote-ip'
        : 'remote-port',
  textbook: ({ sockets }) => (['1', '2', '3'] as const)[sockets.length] ?? null,
  'same-port': ({ sockets }) => (sockets.length === 2 ? (sockets.every(isOpen) ? 'accepted' : 'replaced') : 'refused'),
  'same-tuple': ({ sockets, refusal }) =>
    !sockets.every(isOpen) ? 'replaced' : refusal === null ? 'accepted' : 'refused',
  which: ({ packets }) => {
    const data = packets.find(({ syn }) => !syn)
    if (data === undefined || data.got === null) return null
    return data.got === data.foreseen ? 'own' : 'newest'
  },
  queue: ({ waited }) => (waited.some(({ tcpState }) => tcpState === 'ESTABLISHED') ? 'handshake' : null),
  closing: ({ sockets: [half, fin] }) => {
    const kept = [fin, half].map((socket) => socket?.seen.some(({ state }) => state === 'TIME_WAIT') === true)
    return kept[0] ? (kept[1] ? 'both' : 'first') : kept[1] ? 'second' : null
  },
  exhausted: ({ crowd }) => (crowd?.addresses[0]?.refused == null ? null : 'client-ports'),
  conclusion: ({ sockets }) =>
    new Set(sockets.map(({ remote }) => remote?.port)).size < sockets.length ? 'tuples' : null,
  proxy: ({ crowd, sockets: [first, second] }) => {
    if (crowd?.addresses[0]?.refused == null) return null
    return first?.local.address === second?.local.address ? null : 'this-backend'
  },
  services: ({ binds }) => (sharesPort(binds) ? 'address' : null),
  tuples({ packets, sockets }) {
    const data = (['one', 'two', 'three'] as const)[sockets.findIndex(({ id }) => isReceiver(packets[0], id))]
    const isNew = packets[1]?.verdict === 'listening' && packets[1].got !== null
    return data === undefined || !isNew ? null : `${data}+listening`
  },
}

export function outcome(step: StepId, evidence: Evidence): string | null {
  return OUTCOMES[step](evidence)
}

function isReceiver(packet: PacketFact | undefined, id: number | null): boolean {
  return packet !== undefined && packet.got !== null && packet.got === id
}

function isOpen({ end }: Evidence['sockets'][number]): boolean {
  return end === null
}
