import { AF_INET } from '../server/kernel/constants.ts'
import koffi from 'koffi'
import { getSystemErrorMap } from 'node:util'

// TCP sockets directly from libc. A client made with net.Socket uses as much CPU as the server, so on two cores the
// client would limit the rate. This one uses less than either server.

const lib = koffi.load(null)
const socket = lib.func('int socket(int domain, int type, int protocol)')
const connect = lib.func('int connect(int fd, const void *address, uint32_t length)')
const send = lib.func('int64_t send(int fd, const void *buffer, uint64_t length, int flags)')
const recv = lib.func('int64_t recv(int fd, void *buffer, uint64_t length, int flags)')
const getsockname = lib.func('int getsockname(int fd, void *address, void *length)')
const close = lib.func('int close(int fd)')
const shutdown = lib.func('int shutdown(int fd, int how)')
const setsockopt = lib.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)')

const SOCK_STREAM = 1
const ADDRESS_LENGTH = 16
const MSG_DONTWAIT = 0x40
const EAGAIN = 11
const SHUT_WR = 1
const SOL_SOCKET = 1
const SO_LINGER = 13
/** struct linger: on, for 0 seconds. */
const LINGER_NOT = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0])

const buffer = Buffer.alloc(4096)

/**
 * Connects to the port on 127.0.0.1 and the following loopback addresses in turn. For one pair of addresses the
 * kernel has only 28,000 client ports, and with many of them in TIME_WAIT it searches long for a free one.
 * @returns the descriptor, after the handshake
 * @throws an Error with the errno's name
 */
export function openSocket(port: number, turn: number): number {
  const fd = socket(AF_INET, SOCK_STREAM, 0)
  if (fd < 0) throw failure('socket')
  const address = Buffer.alloc(ADDRESS_LENGTH)
  address.writeUInt16LE(AF_INET, 0)
  address.writeUInt16BE(port, 2)
  address.set(addressOf(turn).split('.').map(Number), 4)
  if (connect(fd, address, ADDRESS_LENGTH) < 0) {
    const error = failure('connect')
    close(fd)
    throw error
  }
  return fd
}

/** The address that `openSocket` connects to. */
export function addressOf(turn: number): string {
  return `127.0.0.${1 + (turn % 200)}`
}

/** Waits until the kernel has taken all bytes. */
export function sendAll(fd: number, bytes: Buffer): void {
  if (Number(send(fd, bytes, bytes.length, 0)) !== bytes.length) throw failure('send')
}

/** Reads until a read ends with the byte `end`. */
export function receiveUntil(fd: number, end: number): void {
  for (;;) {
    const length = Number(recv(fd, buffer, buffer.length, 0))
    if (length <= 0) throw length === 0 ? new Error('recv: the server has closed') : failure('recv')
    if (buffer[length - 1] === end) return
  }
}

/** Reads what has already arrived, without waiting. */
export function drain(fd: number): void {
  if (Number(recv(fd, buffer, buffer.length, MSG_DONTWAIT)) < 0 && koffi.errno() !== EAGAIN) throw failure('recv')
}

export function closeSocket(fd: number): void {
  close(fd)
}

/** Sends FIN, and can still receive. */
export function finish(fd: number): void {
  if (shutdown(fd, SHUT_WR) < 0) throw failure('shutdown')
}

/** Waits for the server's FIN. */
export function receiveEnd(fd: number): void {
  const length = Number(recv(fd, buffer, buffer.length, 0))
  if (length !== 0) throw length > 0 ? new Error('recv: bytes instead of the end') : failure('recv')
}

/** Sends RST. */
export function resetSocket(fd: number): void {
  setsockopt(fd, SOL_SOCKET, SO_LINGER, LINGER_NOT, LINGER_NOT.length)
  close(fd)
}

/** The client's port, which the server sees as remote port. */
export function localPort(fd: number): number {
  const address = Buffer.alloc(ADDRESS_LENGTH)
  const length = Buffer.alloc(4)
  length.writeUInt32LE(ADDRESS_LENGTH)
  if (getsockname(fd, address, length) < 0) throw failure('getsockname')
  return address.readUInt16BE(2)
}

function failure(syscall: string): Error {
  const errno = koffi.errno()
  return new Error(`${syscall}: ${getSystemErrorMap().get(-errno)?.[0] ?? `errno ${errno}`}`)
}
