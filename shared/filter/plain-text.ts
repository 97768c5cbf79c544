import type { Close, Connection } from '../connection.ts'
import type { ProblemCode } from '../vocabulary.ts'
import { formatEndpoint, isUnknownEndpoint } from '../endpoint.ts'
import { finSent, readingStopped } from '../record.ts'

/** The English words for each problem. */
const PROBLEM_WORDS: Record<ProblemCode, string> = {
  waiting: 'in the accept queue',
  'peer-not-reading': 'client stopped reading',
  retransmitting: 'no acks',
  vanished: "client doesn't answer",
  'not-closed': "server hasn't closed",
  unread: "server hasn't read",
  'tls-to-plain': 'tls to a plain-text port',
  'unfinished-request': 'request unfinished',
}

/** The number and both endpoints, in lower case. They never change. */
export function endsText({ id, local, remote }: Pick<Connection, 'id' | 'local' | 'remote'>): string {
  const ends = [isUnknownEndpoint(remote) ? '' : formatEndpoint(remote), formatEndpoint(local)]
  return `#${id}\n${ends.join('\n')}`.toLowerCase()
}

/**
 * Everything that a plain word is compared with, in lower case: the API's values and the English words for them, so
 * that the page and the API find the same. Parts are on lines of their own, or a phrase could match the end of one and
 * the beginning of the next.
 * @param ends what `endsText` returns for the connection
 */
export function plainText(connection: Connection, ends: string): string {
  const { state, kernel, protocol, close, otherEnd, problem } = connection
  const parts = [ends, state]
  if (close !== null) parts.push(...closeText(close))
  else {
    if (finSent(connection)) parts.push('fin from server')
    if (readingStopped(connection)) parts.push('server not reading')
  }
  if (kernel !== null) parts.push(kernel.tcpState)
  if (protocol !== null) parts.push(protocol.name, protocol.serverName ?? '')
  if (problem !== null) parts.push(problem.code, PROBLEM_WORDS[problem.code])
  if (otherEnd !== null) parts.push(otherEnd.owner?.command ?? '', otherEnd.owner?.user ?? '')
  return parts.join('\n').toLowerCase()
}

function closeText({ by, how, reset, code }: Close): string[] {
  const parts = [`${how === 'fin' ? 'closed' : how} by ${sideName(by)}`, by, how]
  if (how === 'timeout') parts.push(by === 'server' ? 'idle timeout' : 'timed out')
  if (how === 'reset') parts.push(`rst by ${sideName(by)}`)
  if (reset !== null) parts.push('reset', `rst by ${sideName(reset)}`)
  if (code !== null) parts.push(code)
  if (code === 'LISTENER_DIED') parts.push('listener process died')
  return parts
}

/** The API says `peer` for what the page calls the client. */
function sideName(by: Close['by']): string {
  return by === 'peer' ? 'client' : by
}
