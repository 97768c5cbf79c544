import { AF_INET } from '../../server/kernel/constants.ts'
import { Differences } from '../../server/kernel/differences.ts'
import * as diag from '../../server/kernel/inet-diag.ts'
import { PackedSockets } from '../../server/kernel/packed.ts'
import type { Sample } from '../../server/kernel/sample.ts'
import type { FactsMessage } from '../../server/listener/messages.ts'
import { NO_PROGRESS, packProgress } from '../../shared/record.ts'

interface ModelSocket {
  cookie: number
  state: number
  inode: number
  /** The connection that accept() made of it. */
  id: number | null
}

export const PORT = 8080
/** The kernel's numbers (tcp_states.h). */
export const ESTABLISHED = 1
const TIME_WAIT = 6
const NO_INFO = -1

/** A model of the kernel's table and of the listener process: one listening socket and its clients. */
export class KernelModel {
  /** By client port: a 4-tuple has at most one socket. */
  readonly sockets = new Map<number, ModelSocket>()
  readonly live = new Set<number>()
  now = 1_000
  readonly #packed = new PackedSockets()
  readonly #seen = new Differences<number>()
  readonly #leaving: [id: number, by: 'peer' | 'server'][] = []
  #pending = noFacts()
  #lastCookie = 0
  #lastInode = 100
  #lastId = 0

  connect(port: number): void {
    const socket = this.sockets.get(port)
    // A new connection may replace a socket in TIME_WAIT.
    if (socket !== undefined && socket.state !== TIME_WAIT) return
    this.sockets.set(port, { cookie: ++this.#lastCookie, state: ESTABLISHED, inode: 0, id: null })
  }

  accept(port: number): void {
    const socket = this.sockets.get(port)
    if (socket === undefined || socket.id !== null) return
    const id = ++this.#lastId
    socket.id = id
    socket.inode = ++this.#lastInode
    this.live.add(id)
    this.#pending.opened.push([id, 20, this.now, '127.0.0.1', '127.0.0.1', port, socket.inode])
    this.#pending.progress.push([id, this.now, packProgress(NO_PROGRESS)])
  }

  reset(port: number): void {
    const id = this.#leave(port, 'peer')
    if (id !== null) this.sockets.delete(port)
  }

  closeFirst(port: number): void {
    const id = this.#leave(port, 'server')
    const socket = this.sockets.get(port)
    if (id !== null && socket !== undefined) Object.assign(socket, { state: TIME_WAIT, inode: 0 })
  }

  /** The listener process handles its sockets' `close` events. */
  noticeCloses(): void {
    for (const [id, by] of this.#leaving.splice(0)) {
      this.#pending.closed.push([
        id,
        this.now,
        by,
        by === 'peer' ? 'reset' : 'fin',
        by === 'peer' ? 'peer' : null,
        null,
        false,
      ])
    }
  }

  /** The outbox's next batch. */
  facts(): FactsMessage {
    const message = this.#pending
    this.#pending = noFacts()
    return message
  }

  /** A dump that was requested `lag` milliseconds ago. It may leave out one existing socket. */
  look(lag: number, missed: number | null): Sample {
    const at = this.now - lag
    for (const [port, socket] of this.sockets) {
      if (port === missed) continue
      const print = this.#packed.write(message(port, socket), 0, NO_INFO)
      if (this.#seen.differs(socket.cookie, print)) this.#packed.keep()
    }
    const changed = this.#packed.take()
    const gone = this.#seen.next()
    const rest = { listeners: [], drops: null, ends: null }
    return { source: 'sock_diag', at, tookMs: lag, total: this.#seen.size, changed, gone, ...rest }
  }

  #leave(port: number, by: 'peer' | 'server'): number | null {
    const id = this.sockets.get(port)?.id ?? null
    if (id === null || !this.live.delete(id)) return null
    this.#leaving.push([id, by])
    return id
  }
}

/** The receive queue's length identifies the socket. */
function message(port: number, { cookie, state, inode }: ModelSocket): Buffer {
  const message = Buffer.alloc(diag.MESSAGE_SIZE)
  message.writeUInt8(AF_INET, diag.FAMILY)
  message.writeUInt8(state, diag.STATE)
  message.writeUInt16BE(PORT, diag.LOCAL_PORT)
  message.writeUInt16BE(port, diag.REMOTE_PORT)
  for (const at of [diag.LOCAL_ADDRESS, diag.REMOTE_ADDRESS]) message.set([127, 0, 0, 1], at)
  message.writeUInt32LE(cookie, diag.COOKIE)
  message.writeUInt32LE(cookie, diag.RECV_QUEUE)
  message.writeUInt32LE(inode, diag.INODE)
  return message
}

function noFacts(): FactsMessage {
  return { type: 'facts', opened: [], progress: [], closed: [], refused: [], refusedCount: 0 }
}
