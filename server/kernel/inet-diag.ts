import { Cache } from '../cache.ts'
import { AF_INET } from './constants.ts'
import { isLinkLocal, plainAddress } from '../../shared/endpoint.ts'
import type { KernelFacts, KernelSocket, KernelTimer, OtherEnd, Owner, TcpState } from '../../shared/kernel.ts'
import { zoneName } from './zones.ts'

// Reads struct inet_diag_msg (linux/inet_diag.h). A packed socket is that struct, followed by six words of struct
// tcp_info (linux/tcp.h). The sampling thread passes packed sockets on as one buffer: objects would be copied between
// threads and become garbage in both.

/** Indexed by the kernel's state numbers (tcp_states.h). The last one is a SYN_RECV without a full socket yet. */
const STATES: readonly TcpState[] = [
  'CLOSED',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'TIME_WAIT',
  'CLOSED',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'SYN_RECV',
]

const TIMERS: readonly (KernelTimer['name'] | null)[] = [null, 'on', 'keepalive', 'timewait', 'persist']

export const ESTABLISHED = 1
export const SYN_SENT = 2
export const TIME_WAIT = 6
export const LISTEN = 10

/** Offsets in struct inet_diag_msg, and its size. */
export const FAMILY = 0
export const STATE = 1
export const TIMER = 2
export const UNANSWERED = 3
export const LOCAL_PORT = 4
export const REMOTE_PORT = 6
export const LOCAL_ADDRESS = 8
export const REMOTE_ADDRESS = 24
const INTERFACE = 40
export const COOKIE = 44
export const EXPIRES = 52
export const RECV_QUEUE = 56
export const SEND_QUEUE = 60
const UID = 64
export const INODE = 68
export const MESSAGE_SIZE = 72

/** The offsets in struct tcp_info whose words follow it, in this order. */
export const INFO_OFFSETS = [68, 100, 80, 228, 120, 128] as const
const RTT_US = MESSAGE_SIZE
const TOTAL_RETRANSMITS = MESSAGE_SIZE + 4
const CONGESTION_WINDOW = MESSAGE_SIZE + 8
const SEND_WINDOW = MESSAGE_SIZE + 12
const BYTES_ACKED = MESSAGE_SIZE + 16
const BYTES_RECEIVED = MESSAGE_SIZE + 20
export const PACKED_SIZE = MESSAGE_SIZE + 4 * INFO_OFFSETS.length
/** The value of a tcp_info field that the kernel did not send. */
export const NO_TCP_INFO = 0xffffffff

/** The kernel's own number of a socket. Unlike a 4-tuple, a cookie is never reused. */
export function cookieOf(message: Buffer, at: number): number {
  return uint64(message, at + COOKIE)
}

/** A 64-bit number of the kernel. `readBigUInt64LE` would make an object for each. */
export function uint64(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at) + buffer.readUInt32LE(at + 4) * 2 ** 32
}

/** A fingerprint of a packed socket's changing facts. */
export function fingerprint(packed: Buffer, at: number): number {
  // Family, state, timer, and what the timer has sent without an answer.
  let hash = packed.readUInt32LE(at + FAMILY)
  for (const field of CHANGING) hash = (Math.imul(hash, 31) + packed.readUInt32LE(at + field)) | 0
  // With bytes in the queue it tells whether the program reads. Otherwise each chunk would make a change.
  if (packed.readUInt32LE(at + RECV_QUEUE) > 0)
    hash = (Math.imul(hash, 31) + packed.readUInt32LE(at + BYTES_RECEIVED)) | 0
  return hash
}

/** Leaves out the timer's end and the peer's window: they change constantly and mean little by themselves. */
const CHANGING = [RECV_QUEUE, SEND_QUEUE, INODE, RTT_US, CONGESTION_WINDOW, TOTAL_RETRANSMITS, BYTES_ACKED]

/** @param now Unix milliseconds of the sample */
export function factsOf(packed: Buffer, at: number, now: number): KernelFacts {
  const rttUs = info(packed, at + RTT_US)
  return {
    tcpState: stateOf(packed, at),
    inode: packed.readUInt32LE(at + INODE),
    recvQueue: packed.readUInt32LE(at + RECV_QUEUE),
    sendQueue: packed.readUInt32LE(at + SEND_QUEUE),
    rttMs: rttUs === null ? null : rttUs / 1000,
    retransmits: info(packed, at + TOTAL_RETRANSMITS),
    congestionWindow: info(packed, at + CONGESTION_WINDOW),
    sendWindow: info(packed, at + SEND_WINDOW),
    timer: timer(packed[at + TIMER] ?? 0, now + packed.readUInt32LE(at + EXPIRES), packed[at + UNANSWERED] ?? 0),
  }
}

/** The low 32 bits of the count of bytes that the peer has acknowledged; null if the kernel did not send it. */
export function ackedOf(packed: Buffer, at: number): number | null {
  return info(packed, at + BYTES_ACKED)
}

/**
 * The low 32 bits of the count of bytes that the program has read; null if the kernel did not send what it follows from. The
 * peer's FIN is in both numbers.
 */
export function readOf(packed: Buffer, at: number): number | null {
  const received = info(packed, at + BYTES_RECEIVED)
  return received === null ? null : (received - packed.readUInt32LE(at + RECV_QUEUE)) >>> 0
}

/** A packed socket of a client. @param ownerOf the owner, by the user whose process opened the socket */
export function otherEndOf(packed: Buffer, at: number, ownerOf: (uid: number) => Owner): OtherEnd {
  const inode = packed.readUInt32LE(at + INODE)
  return {
    tcpState: stateOf(packed, at),
    inode,
    recvQueue: packed.readUInt32LE(at + RECV_QUEUE),
    sendQueue: packed.readUInt32LE(at + SEND_QUEUE),
    // The kernel reports user 0 for a socket that no process holds.
    owner: inode === 0 ? null : ownerOf(packed.readUInt32LE(at + UID)),
  }
}

function stateOf(packed: Buffer, at: number): TcpState {
  return STATES[packed[at + STATE] ?? 0] ?? 'CLOSED'
}

/** Whether two sockets are the two ends of one connection. The messages may differ in family: `::ffff:127.0.0.1` is `127.0.0.1`. */
export function isOtherEnd(a: Buffer, at: number, b: Buffer, from: number): boolean {
  return (
    a.readUInt16BE(at + LOCAL_PORT) === b.readUInt16BE(from + REMOTE_PORT) &&
    a.readUInt16BE(at + REMOTE_PORT) === b.readUInt16BE(from + LOCAL_PORT) &&
    sameBytes(a, at, LOCAL_ADDRESS, b, from, REMOTE_ADDRESS) &&
    sameBytes(a, at, REMOTE_ADDRESS, b, from, LOCAL_ADDRESS)
  )
}

function sameBytes(a: Buffer, at: number, field: number, b: Buffer, from: number, otherField: number): boolean {
  const length = a[at + FAMILY] === AF_INET || b[from + FAMILY] === AF_INET ? 4 : 16
  const place = ipv4At(a, at, field)
  const other = ipv4At(b, from, otherField)
  if (length === 16) return a.compare(b, from + otherField, from + otherField + 16, at + field, at + field + 16) === 0
  return place >= 0 && other >= 0 && a.readUInt32BE(place) === b.readUInt32BE(other)
}

/** Where the four bytes of an IPv4 address begin; -1 for an IPv6 address. */
export function ipv4At(packed: Buffer, at: number, field: number): number {
  if (packed[at + FAMILY] === AF_INET) return at + field
  return isMapped(packed, at + field) ? at + field + 12 : -1
}

function isMapped(buffer: Buffer, at: number): boolean {
  return buffer.readUInt32BE(at) === 0 && buffer.readUInt32BE(at + 4) === 0 && buffer.readUInt32BE(at + 8) === 0xffff
}

/** A word of tcp_info; null if the kernel sent none. */
function info(packed: Buffer, at: number): number | null {
  const value = packed.readUInt32LE(at)
  return value === NO_TCP_INFO ? null : value
}

/** @param now Unix milliseconds of the sample */
export function socketOf(packed: Buffer, at: number, now: number): KernelSocket {
  const { local, remote } = endpointsOf(packed, at)
  // Written out, because an object made by spreading two is several times as large.
  const { tcpState, inode, recvQueue, sendQueue, rttMs, retransmits, congestionWindow, sendWindow, timer } = factsOf(
    packed,
    at,
    now,
  )
  return {
    local,
    remote,
    tcpState,
    inode,
    recvQueue,
    sendQueue,
    rttMs,
    retransmits,
    congestionWindow,
    sendWindow,
    timer,
  }
}

export function endpointsOf(packed: Buffer, at: number): Pick<KernelSocket, 'local' | 'remote'> {
  const family = packed[at + FAMILY] ?? AF_INET
  return {
    local: { address: zoned(packed, at, LOCAL_ADDRESS, family), port: packed.readUInt16BE(at + LOCAL_PORT) },
    remote: { address: zoned(packed, at, REMOTE_ADDRESS, family), port: packed.readUInt16BE(at + REMOTE_PORT) },
  }
}

function timer(kind: number, endsAt: number, unanswered: number): KernelTimer | null {
  const name = kind === 0 ? null : (TIMERS[kind] ?? 'unknown')
  return name === null ? null : { name, endsAt, unanswered }
}

/** Thousands of clients share a few addresses. */
const ipv4Texts = new Cache(1_000, (address: number) =>
  [address >>> 24, (address >>> 16) & 0xff, (address >>> 8) & 0xff, address & 0xff].join('.'),
)

/** An address of the socket. A link-local one has its zone, as in Node: the interface that the socket is bound to. */
function zoned(packed: Buffer, at: number, field: number, family: number): string {
  const address = addressText(packed, at + field, family)
  const index = packed.readUInt32LE(at + INTERFACE)
  return index > 0 && isLinkLocal(address) ? `${address}%${zoneName(index)}` : address
}

/** Four or sixteen bytes in network order, as text. */
function addressText(buffer: Buffer, at: number, family: number): string {
  if (family === AF_INET) return ipv4Text(buffer, at)
  if (isMapped(buffer, at)) return ipv4Text(buffer, at + 12)
  const groups = Array.from({ length: 8 }, (_, i) => buffer.readUInt16BE(at + 2 * i).toString(16))
  // The URL parser prints IPv6 as RFC 5952 asks, like Node's own sockets.
  return plainAddress(new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1))
}

function ipv4Text(buffer: Buffer, at: number): string {
  return ipv4Texts.get(buffer.readUInt32BE(at))
}
