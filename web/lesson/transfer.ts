import type { ListenFact } from './evidence.ts'
import { type Facts, isConfirmed } from './facts.ts'
import { crowdFound, type Found, NOTHING, openedIn, packetsFound, socketFacts, TAKEN } from './found.ts'
import { type TransferId, TUPLE_CLIENTS } from './steps.ts'

/** The judges of the questions after the lesson, about cases that it did not show. */
export const TRANSFER_JUDGES: Record<TransferId, (facts: Facts) => Found> = {
  /** The ports of one address run out for one address of the server, and the same ports connect to another one. */
  proxy(facts) {
    const others = openedIn(facts, 'backend').filter((row) => isConfirmed(facts, row))
    const { done, rows, crowd } = crowdFound(facts, others)
    const used = new Map(rows.map((row) => [endpointOf(row.remote), row]))
    for (const other of others) {
      const twin = used.get(endpointOf(other.remote))
      if (twin !== undefined && twin.local.address !== other.local.address) {
        return { ...NOTHING, done: [done, done], sockets: socketFacts(facts, twin, other), crowd }
      }
    }
    return { ...NOTHING, done: [done, false], crowd }
  },

  services(facts) {
    const binds = facts.tried.findLast((one) => one.kind === 'listened')?.binds ?? []
    return { ...NOTHING, done: [sharesPort(binds)], binds }
  },

  tuples(facts) {
    const { done, packets } = packetsFound(facts)
    // A button that failed halfway has left some of before.
    const rows = openedIn(facts, 'deliver').slice(-TUPLE_CLIENTS.length)
    const made = facts.connections.filter(({ id }) => packets.some(({ syn, got }) => syn && got === id))
    const [data = false, syn = false] = done
    return {
      ...NOTHING,
      done: [data && rows.length === TUPLE_CLIENTS.length, syn],
      sockets: socketFacts(facts, ...rows, ...made),
      packets,
    }
  },
}

/** Whether two sockets with one port number listened at the same time, and a further one at an address of theirs was refused. */
export function sharesPort(binds: readonly ListenFact[]): boolean {
  return binds.some((again, index) => {
    if (again.code === null || !TAKEN.includes(again.code)) return false
    const listening = binds
      .slice(0, index)
      .filter(({ code, local }) => code === null && local.port === again.local.port)
    const addresses = new Set(listening.map(({ local }) => local.address))
    return addresses.size > 1 && addresses.has(again.local.address)
  })
}

function endpointOf({ address, port }: { address: string; port: number }): string {
  return `${address} ${port}`
}
