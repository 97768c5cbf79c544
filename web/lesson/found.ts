import type { CrowdFact, ListenFact, PacketFact, RefusalFact, SocketFact } from './evidence.ts'
import { CROWD_ADDRESSES_MAX, SOCKETS_MAX } from './evidence.ts'
import { connectedFact, type Facts, isConfirmed, type MatchedConnection, tupleOf } from './facts.ts'
import type { TaskId } from './steps.ts'
import type { Stray } from './stray.ts'

// What the judges of the steps have in common.

/** The evidence found so far. */
export interface Found {
  /** For each task, whether it is done. */
  done: readonly boolean[]
  sockets: SocketFact[]
  waited: SocketFact[]
  refusal: RefusalFact | null
  packets: PacketFact[]
  crowd: CrowdFact | null
  binds: readonly ListenFact[]
  stray: Stray | null
}

/** Errno names with which the kernel refuses an existing 4-tuple: connect(2), bind(2). */
export const TAKEN = ['EADDRNOTAVAIL', 'EADDRINUSE']

export const NOTHING = { sockets: [], waited: [], refusal: null, packets: [], crowd: null, binds: [], stray: null }

/** Connections of the clients that this task's button opened, as far as known. */
export function openedIn(facts: Facts, task: TaskId): MatchedConnection[] {
  const ids = facts.tried.flatMap((one) => (one.kind === 'opened' && one.task === task ? one.connectionId : []))
  return facts.connections.filter(({ id }) => ids.includes(id)).sort((a, b) => a.id - b.id)
}

export function socketFacts(facts: Facts, ...rows: (MatchedConnection | undefined)[]): SocketFact[] {
  return rows.flatMap((row) => (row ? connectedFact(row, facts.now) : [])).slice(0, SOCKETS_MAX)
}

/** The crowd that this step has opened: whether it proves that the ports of one address run out, and its connections. */
export function crowdFound(facts: Facts, except: readonly MatchedConnection[] = []) {
  const crowd = facts.tried.findLast((one) => one.kind === 'crowd')?.crowd
  if (crowd === undefined) return { done: false, rows: [], crowd: null }
  const names = new Set(crowd.addresses.map(({ address }) => address))
  const rows = facts.connections.filter(
    (row) => row.close === null && row.id > facts.since && names.has(row.remote.address) && !except.includes(row),
  )
  const kernel = facts.kernel === null ? null : rows.filter((row) => isConfirmed(facts, row)).length
  const [first, second] = crowd.addresses
  const there = rows.length === crowd.size && (kernel === null || kernel === crowd.size)
  // The client's kernel has no port left for one address, and another one still connects.
  const refused = first !== undefined && TAKEN.includes(first.refused ?? '') && (second?.size ?? 0) > 0
  const { ports, room } = crowd
  const addresses = crowd.addresses.slice(0, CROWD_ADDRESSES_MAX)
  return { done: there && refused, rows, crowd: { size: rows.length, kernel, addresses, ports, room } }
}

/** Two packets, one with data and one SYN: whether each came where the rules had said. */
export function packetsFound(facts: Facts): Pick<Found, 'done' | 'packets'> {
  const packets = facts.tried.flatMap((one) => (one.kind === 'packet' ? [arrived(facts, one)] : []))
  const right = ({ foreseen, got, syn }: PacketFact) => got !== null && (syn || got === foreseen)
  const data = packets.findLast(({ syn, verdict }) => !syn && verdict === 'connected')
  const syn = packets.findLast((one) => one.syn && one.verdict === 'listening')
  const both = [data, syn]
  return {
    done: both.map((packet) => packet !== undefined && right(packet)),
    packets: both.filter((one) => one !== undefined),
  }
}

/** The result of a packet: for data, the connection whose byte count grew; for a SYN, the connection it began. */
function arrived(
  facts: Facts,
  { packet, before }: { packet: PacketFact; before: readonly { id: number; bytesIn: number }[] },
): PacketFact {
  if (packet.syn) {
    const row = facts.connections.find(
      (one) => one.id > facts.since && tupleOf(one) === tupleOf(packet) && !before.some(({ id }) => id === one.id),
    )
    return { ...packet, got: row && isConfirmed(facts, row) ? row.id : null }
  }
  const grown = before.flatMap(({ id, bytesIn }) => {
    const more = (facts.connections.find((row) => row.id === id)?.bytesIn ?? bytesIn) - bytesIn
    return more === 0 ? [] : { id, more }
  })
  const [only] = grown
  return { ...packet, got: grown.length === 1 && only?.more === packet.bytes ? only.id : null }
}
