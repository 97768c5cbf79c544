import type { DemuxSocket, Packet } from '../../shared/demux.ts'
import { familyOf, readAddress } from '../../shared/endpoint.ts'
import type { KernelState } from '../../shared/stream.ts'
import type { Row } from '../live/row.ts'

export type FieldName = 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'
/** What is wrong with a field. */
export type FieldFault = 'empty' | 'name' | 'range' | 'address' | 'port' | 'family'

/** The form's text as typed. */
export type PacketForm = Record<FieldName, string> & { syn: boolean }

export type Faults = Partial<Record<FieldName, FieldFault>>

export function formOf({ remote, local }: Pick<Row, 'remote' | 'local'>, syn: boolean): PacketForm {
  return {
    remoteAddress: remote.address,
    remotePort: String(remote.port),
    localAddress: local.address,
    localPort: String(local.port),
    syn,
  }
}

/** @returns the packet, or the fault of each wrong field */
export function parsePacket(form: PacketForm): { packet: Packet; faults: null } | { packet: null; faults: Faults } {
  const faults: Faults = {}
  const address = (name: FieldName) => {
    const parsed = parseAddress(form[name].trim())
    if ('fault' in parsed) faults[name] = parsed.fault
    return 'address' in parsed ? parsed.address : ''
  }
  const port = (name: FieldName) => {
    const text = form[name].trim()
    const value = /^\d{1,5}$/.test(text) ? Number(text) : 0
    if (value < 1 || value > 65_535) faults[name] = text === '' ? 'empty' : 'port'
    return value
  }
  const packet = {
    remote: { address: address('remoteAddress'), port: port('remotePort') },
    local: { address: address('localAddress'), port: port('localPort') },
    syn: form.syn,
  }
  const bothAddresses = !faults.remoteAddress && !faults.localAddress
  if (bothAddresses && familyOf(packet.remote.address) !== familyOf(packet.local.address)) {
    faults.remoteAddress = 'family'
  }
  return Object.keys(faults).length > 0 ? { packet: null, faults } : { packet, faults: null }
}

function parseAddress(text: string): { address: string } | { fault: FieldFault } {
  if (text === '') return { fault: 'empty' }
  if (/[/*,]|[0-9a-f]-/i.test(text) && /^[0-9a-f.:]/i.test(text)) return { fault: 'range' }
  const address = readAddress(text)
  if (address !== null) return { address }
  return { fault: text.includes(':') || !/[g-z]/i.test(text) ? 'address' : 'name' }
}

/** Every known socket of the port: connections, unmatched sockets and listening sockets. Takes linear time. */
export function* socketsOf(
  rows: Iterable<Pick<Row, 'id' | 'local' | 'remote' | 'kernel' | 'live'>>,
  kernel: Pick<KernelState, 'unmatched' | 'listeners'>,
): IterableIterator<DemuxSocket> {
  for (const { id, local, remote, kernel: facts, live } of rows) {
    if (!live && facts === null) continue
    // A connection accepted after the last sample has a socket too.
    yield { local, remote, tcpState: facts?.tcpState ?? 'ESTABLISHED', inode: facts?.inode ?? 0, connectionId: id }
  }
  for (const socket of kernel.unmatched) if (socket.connectionId === null && socket.problem === null) yield socket
  yield* kernel.listeners
}
