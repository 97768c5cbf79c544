import { fstatSync } from 'node:fs'
import { AF_INET, AF_INET6 } from './constants.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import { type Libc } from '../libc.ts'
import { zoneIndex } from './zones.ts'

/** The listening socket held by this process. It stays open as long as the process runs, and is never accepted from here. */
export interface ListeningSocket {
  fd: number
  local: Endpoint
  dualStack: boolean
  inode: number
  close(): void
}

const SOCK_STREAM = 1
// Close-on-exec: a child gets the descriptor only if it is passed explicitly.
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const IPPROTO_IPV6 = 41
const IPV6_V6ONLY = 26

/**
 * socket(2), bind(2), listen(2). An IPv6 wildcard is dual-stack (ipv6(7), IPV6_V6ONLY off), like Node's.
 * @param host a textual IP address, with a scope if it is link-local
 * @throws an error with `code` and `syscall`, such as EADDRINUSE from bind
 */
export function openListeningSocket(libc: Libc, host: string, port: number, backlog: number): ListeningSocket {
  const [text = host, scope] = host.split('%')
  const family = text.includes(':') ? AF_INET6 : AF_INET
  const fd = libc.socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)
  if (fd < 0) throw libc.failure('socket')
  try {
    // Without SO_REUSEADDR a restart would have to wait for connections in TIME_WAIT (socket(7)).
    setOption(libc, fd, SOL_SOCKET, SO_REUSEADDR, 1)
    if (family === AF_INET6) setOption(libc, fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)
    const address = socketAddress(libc, family, text, port, scope)
    if (libc.bind(fd, address, address.length) < 0) throw libc.failure('bind')
    if (libc.listen(fd, backlog) < 0) throw libc.failure('listen')
    return {
      fd,
      local: { address: host, port: boundPort(libc, fd) },
      dualStack: text === '::',
      inode: fstatSync(fd).ino,
      close: closer(libc, fd),
    }
  } catch (error) {
    libc.close(fd)
    throw error
  }
}

/** Closes the descriptor once. A second close(2) would close whatever has received the same number since. */
function closer(libc: Libc, fd: number): () => void {
  let open = true
  return () => {
    if (open) libc.close(fd)
    open = false
  }
}

function setOption(libc: Libc, fd: number, level: number, name: number, value: number): void {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32LE(value)
  if (libc.setsockopt(fd, level, name, buffer, 4) < 0) throw libc.failure('setsockopt')
}

/** struct sockaddr_in (ip(7)) or sockaddr_in6 (ipv6(7)); Linux on little-endian machines. */
function socketAddress(libc: Libc, family: number, text: string, port: number, scope: string | undefined): Buffer {
  const buffer = Buffer.alloc(family === AF_INET ? 16 : 28)
  buffer.writeUInt16LE(family, 0)
  buffer.writeUInt16BE(port, 2)
  const address = buffer.subarray(family === AF_INET ? 4 : 8)
  if (libc.inet_pton(family, text, address) !== 1) {
    throw Object.assign(new Error(`inet_pton: EINVAL: ${text} is no IP address`), {
      code: 'EINVAL',
      syscall: 'inet_pton',
    })
  }
  if (scope !== undefined) buffer.writeUInt32LE(zoneIndex(scope), 24)
  return buffer
}

function boundPort(libc: Libc, fd: number): number {
  const address = Buffer.alloc(28)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(address.length)
  if (libc.getsockname(fd, address, length) < 0) throw libc.failure('getsockname')
  return address.readUInt16BE(2)
}
