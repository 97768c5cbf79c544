import type { Action } from '../../shared/action.ts'
import type { Close } from '../../shared/connection.ts'
import type { ProblemCode } from '../../shared/diagnosis.ts'
import { isUnknownEndpoint } from '../../shared/endpoint.ts'
import type { RefusedChange } from '../../shared/stream.ts'
import type { Row } from '../live/row.ts'
import type { Flood } from './floods.ts'
import type { PortNews } from './port-news.ts'

/** Something that happened on the port, to one connection or to the port as a whole. */
export type PortEvent = {
  key: number
  at: number
  /** Of a run of the server that is over: the id of its connection means another one now. */
  past?: true
} & (
  | { kind: 'accepted' | 'half-closed'; row: Row }
  // With the account of the close at that time, because the kernel may correct the row's. Its problem is over with it.
  | { kind: 'closed'; row: Row; close: Close; problem: ProblemCode | null }
  | { kind: 'problem' | 'problem-over'; row: Row; code: ProblemCode }
  | { kind: 'action'; row: Row; action: Action }
  | { kind: 'refused'; row: null; remote: RefusedChange['remote']; why: RefusedChange['why'] }
  | { kind: 'port'; row: null; news: PortNews }
  | { kind: 'flood'; row: null; flood: Flood }
)
export type NewEvent = PortEvent extends infer E ? (E extends PortEvent ? Omit<E, 'key'> : never) : never

/** Each part of the log has a bound of its own, so that no number of connections pushes out what concerns the port. */
export type Part = 'connections' | 'findings' | 'port'

export function partOf(event: NewEvent): Part {
  if (event.kind === 'port' || event.kind === 'flood') return 'port'
  // A problem's last event is the close of its connection.
  if (event.kind === 'closed' && event.problem !== null) return 'findings'
  return isOfConnections(event) ? 'connections' : 'findings'
}

/** Whether it may be one of a flood's. */
export function isOfConnections({ kind }: Pick<PortEvent, 'kind'>): boolean {
  return kind === 'accepted' || kind === 'half-closed' || kind === 'closed' || kind === 'refused'
}

/** The client's address; null: not known, or not about one client. */
export function addressOf(event: NewEvent): string | null {
  const remote = event.kind === 'refused' ? event.remote : event.row?.remote
  return remote === undefined || isUnknownEndpoint(remote) ? null : remote.address
}

/** Events with the same key are equal in words and come from the same address. Null: the event stays a line of its own. */
export function foldKey(event: NewEvent): string | null {
  const what = sameness(event)
  return what && [event.kind, addressOf(event), ...what].join(' ')
}

function sameness(event: NewEvent): unknown[] | null {
  switch (event.kind) {
    case 'accepted':
    case 'half-closed':
      return []
    case 'closed': {
      const { by, how, reset, code } = event.close
      return [by, how, reset, code, event.problem]
    }
    case 'problem':
    case 'problem-over':
      return [event.code]
    case 'action': {
      const { kind, code, bytes, behavior, waiting } = event.action
      return code === null ? [kind, bytes, behavior] : [kind, code, waiting]
    }
    case 'refused':
      return [event.why]
    case 'port':
    case 'flood':
      return null
  }
}
