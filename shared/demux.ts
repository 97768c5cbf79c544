import { type Endpoint, familyOf, formatEndpoint, sameAddress } from './endpoint.ts'
import { isWaiting, type KernelSocket } from './kernel.ts'
import type { LookupStep, Verdict } from './vocabulary.ts'

export type { LookupStep as StepName, Verdict } from './vocabulary.ts'

// Finds the socket that a packet reaches, in the kernel's order (inet_lookup in net/ipv4/inet_hashtables.c; RFC 9293,
// 3.10.7).

export interface Packet {
  remote: Endpoint
  local: Endpoint
  /** SYN without ACK: the first packet of a handshake. */
  syn: boolean
}

/** Any socket of the port: connected, in TIME_WAIT, or listening. */
export type DemuxSocket = Pick<KernelSocket, 'local' | 'remote' | 'tcpState' | 'inode'> & {
  connectionId?: number | null
  /** A listening socket on `::` that also accepts IPv4 packets. */
  dualStack?: boolean
}

export interface Step<S extends DemuxSocket> {
  step: LookupStep
  found: boolean
  socket: S | null
}

export interface Lookup<S extends DemuxSocket> {
  verdict: Verdict
  /** The socket that gets the packet; null for `reset`. */
  socket: S | null
  steps: Step<S>[]
}

/** Follows the kernel's steps up to the one that decides. @returns that result and all steps up to it */
export function lookup<S extends DemuxSocket>(packet: Packet, sockets: Iterable<S>): Lookup<S> {
  const steps: Step<S>[] = []
  const { exact, byAddress, byAny } = search(packet, sockets)

  steps.push({ step: 'tuple', found: exact !== null, socket: exact })
  if (exact !== null)
    return { verdict: exact.tcpState === 'TIME_WAIT' ? 'time-wait' : 'connected', socket: exact, steps }

  steps.push({ step: 'address', found: byAddress !== null, socket: byAddress })
  if (byAddress === null) steps.push({ step: 'any', found: byAny !== null, socket: byAny })
  const listening = byAddress ?? byAny
  if (listening === null) return { verdict: 'reset', socket: null, steps }

  steps.push({ step: 'syn', found: packet.syn, socket: packet.syn ? listening : null })
  return packet.syn ? { verdict: 'listening', socket: listening, steps } : { verdict: 'reset', socket: null, steps }
}

function search<S extends DemuxSocket>({ remote, local }: Packet, sockets: Iterable<S>) {
  let exact: S | null = null
  let byAddress: S | null = null
  let byAny: S | null = null
  const family = familyOf(local.address)
  for (const socket of sockets) {
    if (socket.local.port !== local.port) continue
    if (socket.tcpState !== 'LISTEN') {
      if (same(socket.remote, remote) && same(socket.local, local)) exact = socket
    } else if (sameAddress(socket.local.address, local.address)) byAddress = socket
    else if (socket.local.address === (family === 4 ? '0.0.0.0' : '::')) byAny = socket
    // If both listen, the IPv4 wildcard is the better match.
    else if (family === 4 && socket.local.address === '::' && socket.dualStack === true) byAny ??= socket
  }
  return { exact, byAddress, byAny }
}

function same(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && sameAddress(a.address, b.address)
}

/** Describes a step in English, for scripts; the page has its own texts. */
export function describeStep<S extends DemuxSocket>({ step, found, socket }: Step<S>, packet: Packet): string {
  const { remote, local } = packet
  switch (step) {
    case 'tuple':
      return found && socket !== null
        ? `a socket has exactly the 4-tuple ${formatEndpoint(remote)} -> ${formatEndpoint(local)}: ${whose(socket)}`
        : `no socket has the 4-tuple ${formatEndpoint(remote)} -> ${formatEndpoint(local)}`
    case 'address':
      return `${found ? 'a' : 'no'} socket listens on ${formatEndpoint(local)} itself`
    case 'any':
      return found && socket !== null
        ? `a socket listens on port ${local.port} of every address (${formatEndpoint(socket.local)})`
        : `no socket listens on port ${local.port}: the kernel answers with RST`
    case 'syn':
      return found
        ? 'the packet is a SYN: the listening socket begins a new connection'
        : 'the packet is not a SYN, and a listening socket accepts only SYNs: the kernel answers with RST'
  }
}

function whose(socket: DemuxSocket): string {
  if (socket.tcpState === 'TIME_WAIT') return 'it is in TIME_WAIT'
  if (typeof socket.connectionId === 'number') return `the socket of connection ${socket.connectionId}`
  return isWaiting(socket) ? 'it waits in the accept queue' : `it is in ${socket.tcpState}`
}
