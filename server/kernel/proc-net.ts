import { AF_INET, AF_INET6, procPortSuffix } from './constants.ts'
import type { Endpoint } from '../../shared/endpoint.ts'
import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import * as diag from './inet-diag.ts'
import { Rounds } from './rounds.ts'
import type { Sample } from './sample.ts'

// Reads /proc/net/tcp and tcp6 (proc(5)), for systems that refuse sock_diag: the same sockets with fewer facts. Each
// line is written in sock_diag's form, so only one form has to be read.

/** The kernel counts its timers in USER_HZ. */
const TICK_MS = 10
const NO_INFO = -1
/** The number of the retransmission timer. */
const RETRANSMITS = 1

export class ProcSampler {
  readonly #port: number
  readonly #backlog: number
  readonly #rounds: Rounds
  /** /proc has no cookies: each 4-tuple gets a number for as long as it is in the table. */
  #cookies = new Map<string, number>()
  #lastCookie = 0

  /** @param local where the listening socket listens */
  constructor({ address, port }: Endpoint, backlog: number) {
    this.#port = port
    this.#rounds = new Rounds(address)
    this.#backlog = backlog
  }

  /** @throws without /proc */
  take(): Sample {
    const rounds = this.#rounds
    rounds.begin()
    const cookies = new Map<string, number>()
    for (const { name, message } of readSockets(this.#port)) {
      const cookie = this.#cookies.get(name) ?? ++this.#lastCookie
      cookies.set(name, cookie)
      message.writeUInt32LE(cookie, diag.COOKIE)
      const listening = rounds.put(cookie, message, 0, NO_INFO)
      if (listening === null) continue
      // /proc has neither the queue's limit nor IPV6_V6ONLY. Ours are known; other programs' listening sockets are
      // rare.
      rounds.listening({ ...listening, sendQueue: this.#backlog, dualStack: listening.local.address === '::' })
    }
    this.#cookies = cookies
    return rounds.end('proc', null)
  }
}

interface Line {
  /** Both endpoints, as printed by /proc. */
  name: string
  /** struct inet_diag_msg. */
  message: Buffer
}

function readSockets(port: number): Line[] {
  const sockets = readTable('/proc/net/tcp', AF_INET, port)
  try {
    sockets.push(...readTable('/proc/net/tcp6', AF_INET6, port))
  } catch {
    // A system without IPv6 has no such file.
  }
  return sockets
}

function readTable(file: string, family: number, port: number): Line[] {
  const suffix = procPortSuffix(port)
  const lines: Line[] = []
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const [, local = '', remote = '', state = '', queues = '', timing = '', resent = '', , probes = '', inode = ''] =
      line.trim().split(/\s+/)
    if (!local.endsWith(suffix)) continue
    const [sendQueue = '0', recvQueue = '0'] = queues.split(':')
    const [timer = '0', ticks = '0'] = timing.split(':')
    const message = Buffer.alloc(diag.MESSAGE_SIZE)
    message.writeUInt8(family, diag.FAMILY)
    message.writeUInt8(parseInt(state, 16), diag.STATE)
    message.writeUInt8(parseInt(timer, 16), diag.TIMER)
    // Retransmits are hexadecimal, probes decimal.
    const unanswered = parseInt(timer, 16) === RETRANSMITS ? parseInt(resent, 16) : Number(probes)
    message.writeUInt8(Math.min(unanswered, 255), diag.UNANSWERED)
    writeEndpoint(message, local, diag.LOCAL_ADDRESS, diag.LOCAL_PORT)
    writeEndpoint(message, remote, diag.REMOTE_ADDRESS, diag.REMOTE_PORT)
    message.writeUInt32LE(parseInt(ticks, 16) * TICK_MS, diag.EXPIRES)
    message.writeUInt32LE(parseInt(recvQueue, 16), diag.RECV_QUEUE)
    message.writeUInt32LE(parseInt(sendQueue, 16), diag.SEND_QUEUE)
    message.writeUInt32LE(Number(inode), diag.INODE)
    lines.push({ name: `${local} ${remote}`, message })
  }
  return lines
}

function writeEndpoint(message: Buffer, text: string, addressAt: number, portAt: number): void {
  const [address = '', port = '0'] = text.split(':')
  const bytes = Buffer.from(address, 'hex')
  // Each 32-bit word is printed in the machine's own byte order.
  if (endianness() === 'LE') bytes.swap32()
  bytes.copy(message, addressAt)
  message.writeUInt16BE(parseInt(port, 16), portAt)
}
