import { readFileSync } from 'node:fs'
import { endianness } from 'node:os'
import type { KernelSocket } from '../../shared/kernel.ts'
import { Differences } from './differences.ts'
import { readDropCounters } from './drops.ts'
import { addressText, stateName, timer } from './parse.ts'
import type { Key, Sample } from './sample.ts'

// /proc/net/tcp and tcp6 (proc(5)): the same sockets with fewer facts, for systems that refuse sock_diag.

const AF_INET = 2
const AF_INET6 = 10
/** The kernel counts its timers in USER_HZ. */
const TICK_MS = 10

export class ProcSampler {
  readonly #port: number
  readonly #backlog: number
  readonly #seen = new Differences<Key>()

  constructor(port: number, backlog: number) {
    this.#port = port
    this.#backlog = backlog
  }

  /** @throws where there is no /proc */
  take(): Sample {
    const at = Date.now()
    const started = performance.now()
    const changed: Sample['changed'] = []
    const listeners: Sample['listeners'] = []
    for (const socket of readSockets(this.#port, at)) {
      const { local, remote, tcpState, inode, recvQueue, sendQueue } = socket
      if (tcpState === 'LISTEN') {
        // Here the queue's limit and IPV6_V6ONLY are not told: ours are known, and those of others rare.
        listeners.push({ ...socket, sendQueue: this.#backlog, dualStack: local.address === '::' })
        continue
      }
      const key = `${local.address} ${remote.address} ${remote.port}`
      if (this.#seen.differs(key, hash(`${tcpState} ${inode} ${recvQueue} ${sendQueue}`))) changed.push([key, socket])
    }
    const gone = this.#seen.next()
    const tookMs = performance.now() - started
    return { source: 'proc', at, tookMs, total: this.#seen.size, changed, gone, listeners, drops: readDropCounters() }
  }
}

function readSockets(port: number, now: number): KernelSocket[] {
  const sockets = readTable('/proc/net/tcp', AF_INET, port, now)
  try {
    sockets.push(...readTable('/proc/net/tcp6', AF_INET6, port, now))
  } catch {
    // A system without IPv6 has no such file.
  }
  return sockets
}

function readTable(file: string, family: number, port: number, now: number): KernelSocket[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  const sockets: KernelSocket[] = []
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const [, local = '', remote = '', state = '', queues = '', timing = '', , , , inode = ''] = line.trim().split(/\s+/)
    if (!`${local} `.endsWith(suffix)) continue
    const [sendQueue = '0', recvQueue = '0'] = queues.split(':')
    const [timerKind = '0', ticks = '0'] = timing.split(':')
    sockets.push({
      local: endpoint(local, family),
      remote: endpoint(remote, family),
      tcpState: stateName(parseInt(state, 16)),
      inode: Number(inode),
      recvQueue: parseInt(recvQueue, 16),
      sendQueue: parseInt(sendQueue, 16),
      rttMs: null,
      retransmits: null,
      congestionWindow: null,
      sendWindow: null,
      timer: timer(parseInt(timerKind, 16), now + parseInt(ticks, 16) * TICK_MS),
    })
  }
  return sockets
}

function endpoint(text: string, family: number): KernelSocket['local'] {
  const [address = '', port = '0'] = text.split(':')
  const bytes = Buffer.from(address, 'hex')
  // Each 32-bit word is printed in the machine's own byte order.
  if (endianness() === 'LE') bytes.swap32()
  return { address: addressText(bytes, 0, family), port: parseInt(port, 16) }
}

function hash(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
  return hash
}
