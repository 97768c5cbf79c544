import type { Close } from '../../shared/connection.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import { progressLater, unpackProgress } from '../../shared/record.ts'
import { clock } from '../clock.ts'
import type { ClosedFact, FactsMessage } from '../listener/messages.ts'
import type { ConnectionTable } from './table.ts'

/** Applies the listener process's facts to the table in a possible order: accepts, progress, refusals, closes. */
export class FactsReader {
  readonly #table: ConnectionTable
  /** One object per local address, because most connections share it. */
  readonly #locals = new Map<string, Endpoint>()

  constructor(table: ConnectionTable) {
    this.#table = table
  }

  apply(message: FactsMessage, pid: number, port: number): void {
    const table = this.#table
    for (const [id, fd, openedAt, localAddress, address, remotePort, inode] of message.opened) {
      const local = this.#local(localAddress, port)
      const remote = { address, port: remotePort }
      table.accept({ id, local, remote, pid, fd, openedAt: clock.corrected(openedAt), inode })
    }
    const stepped = clock.corrected(0)
    for (const [id, at, values] of message.progress) {
      table.progress(id, clock.corrected(at), progressLater(unpackProgress(values), stepped))
    }
    // Before the closes: a final may be of a refused socket.
    for (const [at, why, localAddress, address, remotePort] of message.refused) {
      table.refuse({
        kind: 'refused',
        at: clock.corrected(at),
        local: this.#local(localAddress, port),
        remote: { address, port: remotePort },
        why,
      })
    }
    const unlisted = message.refusedCount - message.refused.length
    if (unlisted > 0) table.refuseUnlisted(unlisted)
    for (const [id, at, by, how, reset, code, finPossible] of inOrder(message.closed)) {
      const close: Close = { at: clock.corrected(at), by, how, reset, code, evidence: null }
      table.close(id, finPossible ? { ...close, finPossible } : close)
    }
  }

  #local(address: string, port: number): Endpoint {
    const known = this.#locals.get(address)
    if (known !== undefined && known.port === port) return known
    const local = { address, port }
    // A client may connect to any address of the machine, and 127.0.0.0/8 has millions, so the map is limited.
    if (this.#locals.size >= 1_000) this.#locals.clear()
    this.#locals.set(address, local)
    return local
  }
}

/** The order of the closes, which tells which final is whose (closings.ts). A batch has the order of the first event of each. */
function inOrder(closed: ClosedFact[]): ClosedFact[] {
  return closed.toSorted(([id, at], [otherId, otherAt]) => at - otherAt || id - otherId)
}
