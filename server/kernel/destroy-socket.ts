import type { Libc } from '../libc.ts'
import { classicBpf } from './bpf.ts'
import { FINAL_SIZE, INFO_NEEDED, packFinal } from './final.ts'
import { attribute, attributeLength, INET_DIAG_INFO } from './sock-diag.ts'
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

// sock_diag's destroy groups: one message for each TCP socket that the kernel destroys, as `ss -E` reads them. Any user may
// join (sock_diag(7), linux/sock_diag.h).

/** SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY are groups 1 and 3: bits of sockaddr_nl's nl_groups. */
const GROUPS = 0b101
const MSG_DONTWAIT = 0x40
const MESSAGE_MAX = 4_096
const SO_RCVBUF = 8
const SO_RCVBUFFORCE = 33
const BUFFER_SIZE = 2 * 1024 * 1024
/** The most messages that one call takes. Without a limit, a flood would keep the thread from being stopped. */
const BATCH_MAX = 1_000

/** What one call has received. */
export interface Finals {
  /** Of FINAL_SIZE bytes each. */
  packed: Uint8Array<ArrayBuffer>
  /** True: the kernel has dropped messages, because they came faster than they were taken (ENOBUFS). */
  missed: boolean
}

export class DestroySocket {
  readonly #libc: Libc
  readonly #fd: number
  readonly #message = Buffer.alloc(MESSAGE_MAX)
  readonly #batch = Buffer.alloc(FINAL_SIZE * BATCH_MAX)

  /** @throws an error with `code` if the system refuses */
  constructor(libc: Libc, localPort: number) {
    this.#libc = libc
    this.#fd = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)
    if (this.#fd < 0) throw libc.failure('socket')
    try {
      enlarge(libc, this.#fd)
      const filter = portFilter(localPort)
      if (libc.attachFilter(this.#fd, filter) < 0) throw libc.failure('setsockopt')
      const address = Buffer.alloc(12)
      address.writeUInt16LE(AF_NETLINK, 0)
      address.writeUInt32LE(GROUPS, 8)
      if (libc.bind(this.#fd, address, address.length) < 0) throw libc.failure('bind')
    } catch (error) {
      libc.close(this.#fd)
      throw error
    }
  }

  /** Takes what is there, without waiting. @throws an error with `code` other than ENOBUFS */
  take(): Finals {
    let count = 0
    let missed = false
    while (count < BATCH_MAX) {
      const length = Number(this.#libc.recv(this.#fd, this.#message, this.#message.length, MSG_DONTWAIT))
      if (length < 0) {
        const failure = this.#libc.failure('recv')
        if (failure.code === 'EAGAIN') break
        if (failure.code !== 'ENOBUFS') throw failure
        missed = true
      } else if (this.#keep(length, count)) count++
    }
    return { packed: new Uint8Array(this.#batch.subarray(0, count * FINAL_SIZE)), missed }
  }

  close(): void {
    this.#libc.close(this.#fd)
  }

  /** @returns false for a message of another kind, or from a kernel whose tcp_info is too short */
  #keep(length: number, index: number): boolean {
    const message = this.#message
    if (length < NLMSG_HEADER || message.readUInt16LE(4) !== SOCK_DIAG_BY_FAMILY) return false
    const end = Math.min(length, align(message.readUInt32LE(0)))
    const info = attribute(message, NLMSG_HEADER, end, INET_DIAG_INFO)
    if (info < 0 || attributeLength(message, info) < INFO_NEEDED) return false
    packFinal(message, NLMSG_HEADER, info, this.#batch, index * FINAL_SIZE)
    return true
  }
}

/**
 * The default buffer holds some 170 messages, which 10,000 closes a second fill in 17 ms. Root may exceed the system's limit
 * (rmem_max, socket(7)).
 */
function enlarge(libc: Libc, fd: number): void {
  const size = Buffer.alloc(4)
  size.writeInt32LE(BUFFER_SIZE)
  const forced = libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, size.length) === 0
  if (!forced) libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size, size.length)
}

/**
 * Lets only messages about this local port through, so that other programs' closes fill no buffer: load the half-word at 20
 * (idiag_sport, in network order), compare, accept or drop.
 */
function portFilter(port: number): Buffer {
  return classicBpf([
    [0x28, 0, 0, 20],
    [0x15, 0, 1, port],
    [0x06, 0, 0, 0xffff],
    [0x06, 0, 0, 0],
  ])
}
