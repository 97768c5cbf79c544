import type { Evidence } from './evidence.ts'
import type { AnswerOf, StepId } from './steps.ts'

/** The answer that the evidence gives to each step's question; null if it does not decide. */
const OUTCOMES: { [S in StepId]: (evidence: Evidence) => AnswerOf<S> | null } = {
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
}

export function outcome(step: StepId, evidence: Evidence): string | null {
  return OUTCOMES[step](evidence)
}

function isOpen({ end }: Evidence['sockets'][number]): boolean {
  return end === null
}
