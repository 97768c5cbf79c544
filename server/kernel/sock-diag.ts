import { getSystemErrorMap } from 'node:util'
import type { Libc } from '../libc.ts'
import {
  AF_NETLINK,
  align,
  NETLINK_SOCK_DIAG,
  NLMSG_HEADER,
  SOCK_CLOEXEC,
  SOCK_DIAG_BY_FAMILY,
  SOCK_RAW,
  SOL_SOCKET,
} from './netlink.ts'

// The kernel's socket table through NETLINK_SOCK_DIAG (sock_diag(7)), as `ss` reads it. Read only.

const SO_RCVTIMEO = 20

const NLMSG_ERROR = 2
const NLMSG_DONE = 3
const NLM_F_REQUEST = 1
const NLM_F_DUMP = 0x300
const IPPROTO_TCP = 6
/** The older request (linux/inet_diag.h): unlike the newer one, it can ask for both families at once. */
const TCPDIAG_GETSOCK = 18
/**
 * Bits of the requested states (tcp_states.h): 1 to 12. Without 13, sockets that are only bound: Linux 6.8 and later
 * return those of every port.
 */
export const EVERY_STATE = 0x1ffe
export const LISTEN_STATE = 1 << 10
/** Attributes of an answer (linux/inet_diag.h). */
export const INET_DIAG_INFO = 2
export const INET_DIAG_SKV6ONLY = 11

/** sizeof of struct inet_diag_req_v2, inet_diag_req and inet_diag_msg (linux/inet_diag.h). */
const REQUEST_SIZE = 56
const OLD_REQUEST_SIZE = 60
const MESSAGE_SIZE = 72
const RECEIVE_SIZE = 256 * 1024
/** A dump that takes longer is abandoned. The next sample starts over. Milliseconds. */
const TIMEOUT_S = 5

/** One socket of the kernel's table, still as bytes: its inet_diag_msg begins at `at`, and its attributes end at `end`. */
export type Visit = (buffer: Buffer, at: number, end: number) => void

/** A netlink socket. It runs one dump at a time, and is unusable after a failed one. */
export class SockDiag {
  readonly #libc: Libc
  readonly #fd: number
  readonly #buffer = Buffer.alloc(RECEIVE_SIZE)
  #sequence = 0

  /** @throws an error with `code` if the system refuses netlink */
  constructor(libc: Libc) {
    this.#libc = libc
    this.#fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)
    if (this.#fd < 0) throw libc.failure('socket')
    const timeout = Buffer.alloc(16)
    timeout.writeBigInt64LE(BigInt(TIMEOUT_S))
    libc.setsockopt(this.#fd, SOL_SOCKET, SO_RCVTIMEO, timeout, timeout.length)
  }

  /**
   * Every TCP socket of the family with this local port in one of the states, including those no process holds any
   * longer.
   * @throws an error with `code` if the kernel refuses or does not answer
   */
  dump(family: number, localPort: number, states: number, visit: Visit): void {
    this.#run(dumpRequest(family, localPort, states, ++this.#sequence), visit)
  }

  /**
   * Every TCP socket of both families with this remote port in one of the states, without tcp_info.
   * @throws an error with `code` if the kernel refuses or does not answer
   */
  dumpRemote(remotePort: number, states: number, visit: Visit): void {
    this.#run(remoteRequest(remotePort, states, ++this.#sequence), visit)
  }

  #run(request: Buffer, visit: Visit): void {
    const sequence = this.#sequence
    if (this.#libc.send(this.#fd, request, request.length, 0) < 0) throw this.#libc.failure('send')
    const buffer = this.#buffer
    for (;;) {
      const length = Number(this.#libc.recv(this.#fd, buffer, buffer.length, 0))
      if (length < 0) throw this.#libc.failure('recv')
      for (let at = 0; at + NLMSG_HEADER <= length;) {
        const size = buffer.readUInt32LE(at)
        const type = buffer.readUInt16LE(at + 4)
        // Skips what is left of an abandoned dump.
        if (buffer.readUInt32LE(at + 8) === sequence) {
          if (type === NLMSG_DONE) {
            // A dump that failed says so here, for example without the module tcp_diag.
            const errno = size >= NLMSG_HEADER + 4 ? buffer.readInt32LE(at + NLMSG_HEADER) : 0
            if (errno < 0) throw refusal(errno)
            return
          }
          if (type === NLMSG_ERROR) throw refusal(buffer.readInt32LE(at + NLMSG_HEADER))
          visit(buffer, at + NLMSG_HEADER, at + size)
        }
        at += align(size)
      }
    }
  }

  close(): void {
    this.#libc.close(this.#fd)
  }
}

/** An empty request for a dump, with its header. */
function dumpHeader(type: number, size: number, sequence: number): Buffer {
  const request = Buffer.alloc(NLMSG_HEADER + size)
  request.writeUInt32LE(request.length, 0)
  request.writeUInt16LE(type, 4)
  request.writeUInt16LE(NLM_F_REQUEST | NLM_F_DUMP, 6)
  request.writeUInt32LE(sequence, 8)
  return request
}

function dumpRequest(family: number, localPort: number, states: number, sequence: number): Buffer {
  const request = dumpHeader(SOCK_DIAG_BY_FAMILY, REQUEST_SIZE, sequence)
  request.writeUInt8(family, NLMSG_HEADER)
  request.writeUInt8(IPPROTO_TCP, NLMSG_HEADER + 1)
  request.writeUInt8(1 << (INET_DIAG_INFO - 1), NLMSG_HEADER + 2)
  request.writeUInt32LE(states, NLMSG_HEADER + 4)
  request.writeUInt16BE(localPort, NLMSG_HEADER + 8)
  return request
}

function remoteRequest(remotePort: number, states: number, sequence: number): Buffer {
  const request = dumpHeader(TCPDIAG_GETSOCK, OLD_REQUEST_SIZE, sequence)
  request.writeUInt16BE(remotePort, NLMSG_HEADER + 6)
  request.writeUInt32LE(states, NLMSG_HEADER + 52)
  return request
}

/** Where an attribute's value begins; -1 without it. TIME_WAIT and SYN_RECV have no tcp_info. */
export function attribute(buffer: Buffer, message: number, end: number, type: number): number {
  for (let at = message + MESSAGE_SIZE; at + 4 <= end;) {
    const size = buffer.readUInt16LE(at)
    if (size < 4) break
    if (buffer.readUInt16LE(at + 2) === type) return at + 4
    at += align(size)
  }
  return -1
}

/** Bytes of the attribute whose value begins at `at`. Older kernels know fewer fields of a struct. */
export function attributeLength(buffer: Buffer, at: number): number {
  return buffer.readUInt16LE(at - 4) - 4
}

function refusal(errno: number): Error {
  const [code] = getSystemErrorMap().get(errno) ?? [`errno ${-errno}`]
  return Object.assign(new Error(`sock_diag: ${code}`), { code, syscall: 'sock_diag' })
}
