import type { Action } from '../../shared/action.ts'
import type { Row } from '../live/row.ts'

export type ConnectionEvent =
  | { kind: 'accepted' | 'first-bytes' | 'half-closed' | 'closed'; at: number }
  | { kind: 'action'; at: number; action: Action }
  | { kind: 'data'; at: number; bytesIn: number; bytesOut: number }

/** Limit of data events kept for the connection in the panel; the oldest are dropped first. */
export const DATA_EVENTS_KEPT = 50

/** A send's bytes and its action may reach the page at slightly different times. */
const SAME_SEND_MS = 500

/** The events of the connection in the panel. Bytes that arrived in one frame are one event. */
export class EventLog {
  readonly row: Row
  dropped = 0
  #data: (ConnectionEvent & { kind: 'data' })[] = []
  #bytesIn: number
  #bytesOut: number

  constructor(row: Row) {
    this.row = row
    this.#bytesIn = row.bytesIn
    this.#bytesOut = row.bytesOut
  }

  observe(): void {
    const bytesIn = this.row.bytesIn - this.#bytesIn
    const bytesOut = this.row.bytesOut - this.#bytesOut
    if (bytesIn === 0 && bytesOut === 0) return
    this.#data.push({ kind: 'data', at: this.row.lastActivityAt, bytesIn, bytesOut })
    this.#bytesIn = this.row.bytesIn
    this.#bytesOut = this.row.bytesOut
    if (this.#data.length <= DATA_EVENTS_KEPT) return
    this.#data.shift()
    this.dropped++
  }

  /** Oldest first. */
  events(): ConnectionEvent[] {
    const { openedAt, firstBytesAt, halfClosedAt, actions, close } = this.row
    const events: ConnectionEvent[] = [{ kind: 'accepted', at: openedAt }]
    if (firstBytesAt !== null) events.push({ kind: 'first-bytes', at: firstBytesAt })
    events.push(...this.#data.filter((event) => !isSend(event, actions)))
    for (const action of actions) events.push({ kind: 'action', at: action.at, action })
    if (halfClosedAt !== null) events.push({ kind: 'half-closed', at: halfClosedAt })
    if (close) events.push({ kind: 'closed', at: close.at })
    return events.sort((a, b) => a.at - b.at)
  }
}

/** A send action already reports its bytes. */
function isSend({ at, bytesIn, bytesOut }: ConnectionEvent & { kind: 'data' }, actions: readonly Action[]): boolean {
  return (
    bytesIn === 0 &&
    actions.some(
      (action) =>
        action.kind === 'send' &&
        action.code === null &&
        action.bytes === bytesOut &&
        Math.abs(action.at - at) <= SAME_SEND_MS,
    )
  )
}
