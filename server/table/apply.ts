import type { Endpoint } from '../../shared/endpoint.ts'
import type { Progress } from '../../shared/connection.ts'
import type { FactsMessage, ProgressFact } from '../listener/facts.ts'
import type { ConnectionTable } from './table.ts'

/** Puts the listener process's facts into the table: opened, progressed, closed, in the order they can have happened. */
export class FactsReader {
  readonly #table: ConnectionTable
  /** One object for each local address: all connections share the port, and most of them the address. */
  readonly #locals = new Map<string, Endpoint>()

  constructor(table: ConnectionTable) {
    this.#table = table
  }

  apply(message: FactsMessage, pid: number, port: number): void {
    const table = this.#table
    for (const [id, fd, openedAt, localAddress, address, remotePort] of message.opened) {
      const local = this.#local(localAddress, port)
      table.accept({ id, local, remote: { address, port: remotePort }, pid, fd, openedAt })
    }
    for (const fact of message.progress) table.progress(fact[0], fact[1], progress(fact))
    for (const [id, at, by, how, code] of message.closed) table.close(id, { at, by, how, code })
    for (const [at, why, localAddress, address, remotePort] of message.refused) {
      table.refuse({
        kind: 'refused',
        at,
        local: this.#local(localAddress, port),
        remote: { address, port: remotePort },
        why,
      })
    }
    const untold = message.refusedCount - message.refused.length
    if (untold > 0) table.refusedUntold(untold)
  }

  #local(address: string, port: number): Endpoint {
    const known = this.#locals.get(address)
    if (known !== undefined && known.port === port) return known
    const local = { address, port }
    // A client chooses among the machine's own addresses; on a loopback net those are many.
    if (this.#locals.size >= 1_000) this.#locals.clear()
    this.#locals.set(address, local)
    return local
  }
}

function progress(fact: ProgressFact): Progress {
  const [, , bytesIn, bytesOut, chunksIn, chunksOut, halfClosedAt, finSentAt, readingPaused, protocol] = fact
  return { bytesIn, bytesOut, chunksIn, chunksOut, halfClosedAt, finSentAt, readingPaused, protocol }
}
