import type { KernelSocket, KernelTimer, TcpState } from '../../shared/kernel.ts'
import { plainAddress } from '../../shared/endpoint.ts'

/** By the kernel's numbers (tcp_states.h); the last one is a SYN_RECV that is no whole socket yet. */
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

const AF_INET = 2

export function stateName(number: number): TcpState {
  return STATES[number] ?? 'CLOSED'
}

export function timer(kind: number, endsAt: number): KernelTimer | null {
  const name = kind === 0 ? null : (TIMERS[kind] ?? 'unknown')
  return name === null ? null : { name, endsAt }
}

// struct inet_diag_msg (linux/inet_diag.h): offsets.
const STATE = 1
const TIMER = 2
const LOCAL_PORT = 4
const REMOTE_PORT = 6
const LOCAL_ADDRESS = 8
const REMOTE_ADDRESS = 24
const COOKIE = 44
const EXPIRES = 52
const RECV_QUEUE = 56
const SEND_QUEUE = 60
const INODE = 68

// struct tcp_info (linux/tcp.h).
const RTT_US = 68
const CONGESTION_WINDOW = 80
const TOTAL_RETRANSMITS = 100
const SEND_WINDOW = 228

/** The kernel's own number of a socket, never used again; a 4-tuple is. */
export function cookieOf(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at + COOKIE) + buffer.readUInt32LE(at + COOKIE + 4) * 2 ** 32
}

/** A fingerprint of what may change in a socket's life, to tell whether it has. */
export function fingerprint(buffer: Buffer, at: number, info: number): number {
  let hash = buffer.readUInt16LE(at + STATE)
  hash = (Math.imul(hash, 31) + buffer.readUInt32LE(at + RECV_QUEUE)) | 0
  hash = (Math.imul(hash, 31) + buffer.readUInt32LE(at + SEND_QUEUE)) | 0
  hash = (Math.imul(hash, 31) + buffer.readUInt32LE(at + INODE)) | 0
  if (info < 0) return hash
  hash = (Math.imul(hash, 31) + buffer.readUInt32LE(info + RTT_US)) | 0
  hash = (Math.imul(hash, 31) + buffer.readUInt32LE(info + CONGESTION_WINDOW)) | 0
  return (Math.imul(hash, 31) + buffer.readUInt32LE(info + TOTAL_RETRANSMITS)) | 0
}

export function isListening(buffer: Buffer, at: number): boolean {
  return stateName(buffer[at + STATE] ?? 0) === 'LISTEN'
}

/** @param now Unix milliseconds at which the kernel was asked */
export function parseSocket(buffer: Buffer, at: number, info: number, now: number): KernelSocket {
  const family = buffer[at] ?? AF_INET
  return {
    local: { address: addressText(buffer, at + LOCAL_ADDRESS, family), port: buffer.readUInt16BE(at + LOCAL_PORT) },
    remote: { address: addressText(buffer, at + REMOTE_ADDRESS, family), port: buffer.readUInt16BE(at + REMOTE_PORT) },
    tcpState: stateName(buffer[at + STATE] ?? 0),
    inode: buffer.readUInt32LE(at + INODE),
    recvQueue: buffer.readUInt32LE(at + RECV_QUEUE),
    sendQueue: buffer.readUInt32LE(at + SEND_QUEUE),
    rttMs: info < 0 ? null : buffer.readUInt32LE(info + RTT_US) / 1000,
    retransmits: info < 0 ? null : buffer.readUInt32LE(info + TOTAL_RETRANSMITS),
    congestionWindow: info < 0 ? null : buffer.readUInt32LE(info + CONGESTION_WINDOW),
    sendWindow: info < 0 ? null : buffer.readUInt32LE(info + SEND_WINDOW),
    timer: timer(buffer[at + TIMER] ?? 0, now + buffer.readUInt32LE(at + EXPIRES)),
  }
}

/** Four or sixteen bytes in network order as text. */
export function addressText(buffer: Buffer, at: number, family: number): string {
  if (family === AF_INET) return buffer.subarray(at, at + 4).join('.')
  const mapped =
    buffer.readUInt32BE(at) === 0 && buffer.readUInt32BE(at + 4) === 0 && buffer.readUInt32BE(at + 8) === 0xffff
  if (mapped) return buffer.subarray(at + 12, at + 16).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => buffer.readUInt16BE(at + 2 * i).toString(16))
  // The URL parser writes IPv6 as RFC 5952 wants it, and as Node's own sockets do.
  return plainAddress(new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1))
}
