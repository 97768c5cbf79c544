import type { Endpoint } from '../../shared/endpoint.ts'
import { cookieOf, endpointsOf, MESSAGE_SIZE, RECV_QUEUE, SEND_QUEUE, uint64 } from './inet-diag.ts'

// The kernel's last word about a socket: struct inet_diag_msg, followed by some fields of struct tcp_info.

/** Offsets in struct tcp_info (linux/tcp.h) of the 64-bit fields that follow the message, in this order. */
const WIDE = [120, 128, 200, 208, 168, 176, 184] as const
/** The same for the 32-bit fields after them. */
const NARROW = [100, 68, 0] as const
/** The smallest tcp_info with all of these fields (Linux 4.19). */
export const INFO_NEEDED = 216
export const FINAL_SIZE = MESSAGE_SIZE + 8 * WIDE.length + 4 * NARROW.length

export interface Final {
  cookie: number
  local: Endpoint
  /** Port 0: the kernel has forgotten the peer, which happens when we reset the connection. */
  remote: Endpoint
  /** Bytes that the program had not read. The peer's FIN counts as one if it was not read. */
  unread: number
  unsent: number
  /** Bytes that the peer has acknowledged, and that we have sent once. Our FIN counts as one acknowledged byte. */
  acked: number
  sent: number
  /** Bytes received, the peer's FIN included. */
  received: number
  retransmits: number
  rttMs: number
  /** Whether retransmissions or probes were without an answer when it ended. */
  unanswered: boolean
  /** Milliseconds in which data waited to be sent; of these, because of the peer's window, and of our own buffer. */
  busyMs: number
  windowLimitedMs: number
  bufferLimitedMs: number
}

/** Copies one message into `out` at `to`. @param info offset of its tcp_info */
export function packFinal(message: Buffer, from: number, info: number, out: Buffer, to: number): void {
  message.copy(out, to, from, from + MESSAGE_SIZE)
  let at = to + MESSAGE_SIZE
  for (const offset of WIDE) at += message.copy(out, at, info + offset, info + offset + 8)
  for (const offset of NARROW) at += message.copy(out, at, info + offset, info + offset + 4)
}

export function finalOf(packed: Buffer, at: number): Final {
  const wide = (index: number): number => uint64(packed, at + MESSAGE_SIZE + 8 * index)
  const narrow = (index: number): number => packed.readUInt32LE(at + MESSAGE_SIZE + 8 * WIDE.length + 4 * index)
  return {
    cookie: cookieOf(packed, at),
    ...endpointsOf(packed, at),
    unread: packed.readUInt32LE(at + RECV_QUEUE),
    unsent: packed.readUInt32LE(at + SEND_QUEUE),
    acked: wide(0),
    received: wide(1),
    // The kernel counts retransmitted bytes again.
    sent: wide(2) - wide(3),
    busyMs: wide(4) / 1000,
    windowLimitedMs: wide(5) / 1000,
    bufferLimitedMs: wide(6) / 1000,
    retransmits: narrow(0),
    rttMs: narrow(1) / 1000,
    // Its four bytes: state, congestion state, retransmissions in a row, probes in a row.
    unanswered: narrow(2) >>> 16 !== 0,
  }
}
