import { type Libc, loadLibc } from '../libc.ts'

// The process that holds a crowd's sockets. As plain descriptors they need no memory here, and connect(2) tells the errno.

/** What the control process asks of the process that holds a crowd. */
export type ToCrowd =
  | {
      type: 'open'
      count: number
      from: string
      to: { address: string; port: number }
      /** Null: the machine's ephemeral ports. */
      ports: { first: number; last: number } | null
    }
  | { type: 'close' }

/** How many it has opened, and the errno's name that stopped it. */
export interface FromCrowd {
  opened: number
  code: string | null
}

const AF_INET = 2
const SOCK_STREAM = 1
const SOL_SOCKET = 1
/** A built-in client may then use a port of the crowd for another address of the server. */
const SO_REUSEADDR = 2
const SO_RCVBUF = 8
const SO_SNDTIMEO = 21
/** Bytes. Nobody reads what the server sends, and it should not fill the machine's memory (tcp_mem). */
const RECEIVE_BUFFER = 4_096
const IPPROTO_IP = 0
/** ip(7): connect(2) chooses the port, by the whole 4-tuple, and not bind(2). */
const IP_BIND_ADDRESS_NO_PORT = 24
/** ip(7), since Linux 6.3. */
const IP_LOCAL_PORT_RANGE = 51
const ON = Buffer.from(new Int32Array([1]).buffer)
const MSG_DONTWAIT = 0x40
/** An accept queue that stays full would hold connect(2) for two minutes. */
const CONNECT_S = 3
/** How many to close before the server gets its turn. */
const CLOSED_AT_ONCE = 200

const libc = await loadLibc()
const fds: number[] = []
const scratch = Buffer.alloc(65_536)

process.on('message', (message: ToCrowd) => {
  if (message.type === 'close') void close()
  else process.send?.(open(message))
})
// Without the control process nobody could end the crowd.
process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

function open({ count, from, to, ports }: Extract<ToCrowd, { type: 'open' }>): FromCrowd {
  for (let opened = 0; opened < count; opened++) {
    const failure = libc === null ? 'ENOSYS' : connect(libc, from, to, ports)
    if (failure !== null) return { opened, code: failure }
  }
  return { opened: count, code: null }
}

/** @returns the errno's name; null: connected */
function connect(
  calls: Libc,
  from: string,
  to: { address: string; port: number },
  ports: { first: number; last: number } | null,
): string | null {
  const fd = calls.socket(AF_INET, SOCK_STREAM, 0)
  if (fd < 0) return calls.failure('socket').code ?? 'UNKNOWN'
  const option = (level: number, name: number, value: Buffer) =>
    calls.setsockopt(fd, level, name, value, value.length) === 0
  const range = ports === null ? null : Buffer.from(new Uint16Array([ports.first, ports.last]).buffer)
  const done =
    option(SOL_SOCKET, SO_SNDTIMEO, Buffer.from(new BigInt64Array([BigInt(CONNECT_S), 0n]).buffer)) &&
    option(SOL_SOCKET, SO_RCVBUF, Buffer.from(new Int32Array([RECEIVE_BUFFER]).buffer)) &&
    option(SOL_SOCKET, SO_REUSEADDR, ON) &&
    option(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, ON) &&
    (range === null || option(IPPROTO_IP, IP_LOCAL_PORT_RANGE, range)) &&
    calls.bind(fd, address(calls, from, 0), ADDRESS_SIZE) === 0 &&
    calls.connect(fd, address(calls, to.address, to.port), ADDRESS_SIZE) === 0
  if (done) {
    fds.push(fd)
    return null
  }
  const code = calls.failure('connect').code ?? 'UNKNOWN'
  calls.close(fd)
  // That is how connect(2) says that the time is over.
  return code === 'EINPROGRESS' ? 'ETIMEDOUT' : code
}

const ADDRESS_SIZE = 16

/** struct sockaddr_in (ip(7)). */
function address(calls: Libc, text: string, port: number): Buffer {
  const buffer = Buffer.alloc(ADDRESS_SIZE)
  buffer.writeUInt16LE(AF_INET, 0)
  buffer.writeUInt16BE(port, 2)
  calls.inet_pton(AF_INET, text, buffer.subarray(4))
  return buffer
}

/** Reads what has come first: closing with unread bytes sends RST instead of FIN. */
async function close(): Promise<void> {
  for (const [index, fd] of fds.entries()) {
    while (Number(libc?.recv(fd, scratch, scratch.length, MSG_DONTWAIT)) === scratch.length);
    libc?.close(fd)
    if (index % CLOSED_AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  process.exit(0)
}
