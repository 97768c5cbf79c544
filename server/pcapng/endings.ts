import type { Close, Connection } from '../../shared/connection.ts'
import type { Direction } from '../../shared/payload.ts'
import { type Fins, finsOf } from '../../shared/record.ts'

/** A FIN or an RST. `direction` says who sent it: `in` is the client. */
export interface EndingSegment {
  at: number
  kind: 'fin' | 'reset'
  direction: Direction
}

type Ended = Fins & Pick<Connection, 'close'>

/** The FINs and the RST that the record knows of, in the order in which they were sent. */
export function endingsOf(connection: Ended): EndingSegment[] {
  const { close } = connection
  const fins = finsOf(connection)
  const [clientFin, serverFin] = [clientFinAt(fins.client, close), serverFinAt(fins.server, close)]
  const endings: EndingSegment[] = []
  if (clientFin !== null) endings.push({ at: clientFin, kind: 'fin', direction: 'in' })
  if (serverFin !== null) endings.push({ at: serverFin, kind: 'fin', direction: 'out' })
  // If both have the same time, only the close tells which one was first.
  if (close?.by === 'server') endings.reverse()
  endings.sort((a, b) => a.at - b.at)
  const reset = close?.reset ?? null
  if (close !== null && reset !== null) {
    endings.push({ at: close.at, kind: 'reset', direction: reset === 'peer' ? 'in' : 'out' })
  }
  return endings
}

/** The kernel may know of a FIN that the server never read. */
function clientFinAt(at: number | null, close: Close | null): number | null {
  return at ?? (close?.by === 'peer' && close.how === 'fin' ? close.at : null)
}

/** The record leaves out a FIN that the close itself sent. With unread bytes, the close sends RST instead. */
function serverFinAt(sent: number | null, close: Close | null): number | null {
  if (sent !== null || close === null) return sent
  const { by, how, reset, at } = close
  const began = by === 'server' && (how === 'fin' || how === 'timeout')
  const answered = by === 'peer' && how === 'fin' && reset === null
  return (began && reset !== 'server') || answered ? at : null
}
