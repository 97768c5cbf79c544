import { attribute, attributeLength, INET_DIAG_INFO } from '../../server/kernel/sock-diag.ts'
import { align, NLMSG_HEADER, SOCK_DIAG_BY_FAMILY } from '../../server/kernel/netlink.ts'
import type { Libc } from '../../server/libc.ts'

// The kernel's real answers on netlink sockets, changed into those of other kernels.

/** @returns the message that takes its place; null: none */
type Change = (message: Buffer) => Buffer | null

/** libc with another kernel's answers. */
export function answering(libc: Libc, change: Change): Libc {
  return { ...libc, recv: changed(libc.recv, change) }
}

/** recv(2) with another kernel's answers. */
export function changed(recv: Libc['recv'], change: Change): Libc['recv'] {
  return (fd, data, length, flags) => {
    const received = Number(recv(fd, data, length, flags))
    if (received <= 0) return received
    return Buffer.concat([...messages(data, received)].map((message) => change(message) ?? Buffer.alloc(0))).copy(data)
  }
}

function* messages(data: Buffer, end: number): Generator<Buffer> {
  for (let at = 0; at + NLMSG_HEADER <= end;) {
    const size = align(data.readUInt32LE(at))
    yield Buffer.from(data.subarray(at, Math.min(at + size, end)))
    at += size
  }
}

const TCPDIAG_GETSOCK = 18
const NLMSG_ERROR = 2
const NLMSG_DONE = 3
const ENOENT = 2

/** A kernel without the module tcp_diag: a dump ends at once, with the errno as its payload. */
export const withoutTcpDiag: Change = (message) => {
  if (message.readUInt16LE(4) !== NLMSG_DONE) return null
  const done = Buffer.alloc(NLMSG_HEADER + 4)
  message.copy(done, 0, 0, NLMSG_HEADER)
  done.writeUInt32LE(done.length)
  done.writeInt32LE(-ENOENT, NLMSG_HEADER)
  return done
}

/** A kernel that refuses the request for the sockets of both families at once. */
export function withoutBothFamilies(libc: Libc): Libc {
  let refused = false
  return {
    ...libc,
    send(fd, request, length, flags) {
      refused = request.readUInt16LE(4) === TCPDIAG_GETSOCK
      return libc.send(fd, request, length, flags)
    },
    recv: changed(libc.recv, (message) => (refused ? refusal(message) : message)),
  }
}

function refusal(message: Buffer): Buffer {
  const error = Buffer.alloc(NLMSG_HEADER + 4)
  message.copy(error, 0, 0, NLMSG_HEADER)
  error.writeUInt32LE(error.length)
  error.writeUInt16LE(NLMSG_ERROR, 4)
  error.writeInt32LE(-ENOENT, NLMSG_HEADER)
  return error
}

/** A kernel whose struct tcp_info has only these many bytes. What follows is other attributes, as in a real answer. */
export function withTcpInfoOf(size: number): Change {
  return (message) => {
    if (message.readUInt16LE(4) !== SOCK_DIAG_BY_FAMILY) return message
    const info = attribute(message, NLMSG_HEADER, message.length, INET_DIAG_INFO)
    if (info < 0) return message
    const end = info + align(attributeLength(message, info))
    message.writeUInt16LE(4 + size, info - 4)
    const shorter = Buffer.concat([message.subarray(0, info + size), message.subarray(end), Buffer.alloc(64, 0xab)])
    shorter.writeUInt32LE(shorter.length)
    return shorter
  }
}
