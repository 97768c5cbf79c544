import { fstatSync } from 'node:fs'
import { AF_INET, AF_INET6 } from './constants.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import { KEEPALIVE } from '../../shared/kernel.ts'
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
const SO_KEEPALIVE = 9
const IPPROTO_TCP = 6
const TCP_KEEPIDLE = 4
const TCP_KEEPINTVL = 5
const TCP_KEEPCNT = 6
const IPPROTO_IPV6 = 41
const IPV6_V6ONLY = 26

interface Wanted {
  /** A textual IP address, with a scope if it is link-local. */
  host: string
  port: number
  backlog: number
  /** Silence after which a client is probed, milliseconds; 0: never. */
  keepaliveMs: number
}

/**
 * socket(2), bind(2), listen(2). An IPv6 wildcard is dual-stack (ipv6(7), IPV6_V6ONLY off), like Node's.
 * @throws an error with `code` and `syscall`, such as EADDRINUSE from bind
 */
export function openListeningSocket(libc: Libc, { host, port, backlog, keepaliveMs }: Wanted): ListeningSocket {
  const [text = host, scope] = host.split('%')
  const family = text.includes(':') ? AF_INET6 : AF_INET
  const fd = libc.socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)
  if (fd < 0) throw libc.failure('socket')
  try {
    // Without SO_REUSEADDR a restart would have to wait for connections in TIME_WAIT (socket(7)).
    setOption(libc, fd, SOL_SOCKET, SO_REUSEADDR, 1)
    if (family === AF_INET6) setOption(libc, fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)
    if (keepaliveMs > 0) setKeepalive(libc, fd, keepaliveMs)
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

/**
 * Connected sockets inherit it from the listening socket (tcp(7)). Set on each of them, as Node does, it costs four system calls
 * for each connection, and clients in the accept queue are not probed.
 */
function setKeepalive(libc: Libc, fd: number, idleMs: number): void {
  setOption(libc, fd, SOL_SOCKET, SO_KEEPALIVE, 1)
  setOption(libc, fd, IPPROTO_TCP, TCP_KEEPIDLE, idleMs / 1000)
  setOption(libc, fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE.intervalMs / 1000)
  setOption(libc, fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE.probes)
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
