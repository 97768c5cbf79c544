import type { Action } from './action.ts'
import type { Close, Connection } from './connection.ts'
import { finsOf } from './record.ts'
import { untaken } from './untaken.ts'

/**
 * What a record tells of a connection's life, apart from its bytes. Times are in Unix milliseconds. `neverSent`: bytes of the server
 * that the kernel had not taken.
 */
export type LifeEvent =
  | { kind: 'accept'; at: number }
  | { kind: 'action'; at: number; action: Action }
  | { kind: 'half-close'; at: number; by: 'peer' | 'server' }
  | { kind: 'close'; at: number; close: Close; neverSent?: number }

/** The events of a connection, in order of time. */
export function lifeOf(
  connection: Pick<Connection, 'openedAt' | 'actions' | 'close' | 'bytesOut' | 'bytesWaiting'> &
    Parameters<typeof finsOf>[0],
) {
  const { openedAt, actions, close } = connection
  const { client, server } = finsOf(connection)
  // Within one millisecond, an action comes before its effects.
  const events: LifeEvent[] = actions.map((action) => ({ kind: 'action', at: action.at, action }))
  const fins: LifeEvent[] = []
  if (client !== null) fins.push({ kind: 'half-close', at: client, by: 'peer' })
  if (server !== null) fins.push({ kind: 'half-close', at: server, by: 'server' })
  // If both FINs have the same time, only the close tells which one was first.
  events.push(...(close?.by === 'server' ? fins.reverse() : fins))
  if (close !== null) {
    const neverSent = untaken(connection).bytes
    events.push({ kind: 'close', at: close.at, close, ...(neverSent > 0 ? { neverSent } : {}) })
  }
  // The sort is stable, so events of the same millisecond keep the order above.
  events.sort((a, b) => a.at - b.at)
  return [{ kind: 'accept', at: openedAt } satisfies LifeEvent, ...events]
}

/** Whether the event comes before bytes of the same millisecond. */
export function precedesBytes({ kind }: { kind: string }): boolean {
  return kind === 'accept' || kind === 'action'
}
