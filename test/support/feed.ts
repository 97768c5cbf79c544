import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import WebSocket, { type ClientOptions } from 'ws'
import type { Connection } from '../../shared/connection.ts'
import type { ErrorFrame, HelloFrame, Listener, ServerFrame } from '../../shared/stream.ts'
import { SUBPROTOCOL } from '../../shared/stream.ts'
import { examineFrame } from './frame-schema.ts'
import { ReaderTable } from './reader-table.ts'

interface Waiter {
  what: string
  holds: () => boolean
  resolve: () => void
  reject: (error: Error) => void
}

const WAIT_MS = 50_000

/** A dashboard without a browser: reads `/ws`, keeps the table, and lets a test wait for a condition. */
export class Feed {
  readonly socket: WebSocket
  readonly table = new ReaderTable()
  readonly frames: ServerFrame[] = []
  readonly errors: ErrorFrame[] = []
  hello: HelloFrame | null = null
  listener: Listener | null = null
  readonly #waiters = new Set<Waiter>()
  /** Why no further frame can arrive. */
  #over: Error | null = null

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => this.#receive(String(data)))
    socket.on('close', (code, reason) => this.#end(new Error(`the feed closed with ${code} ${String(reason)}`)))
    socket.on('error', (error) => this.#end(error))
  }

  /** Resolves once the condition holds, checked after each frame. Rejects when the feed ends or a frame is invalid. */
  until(what: string, holds: (feed: this) => unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = { what, holds: () => Boolean(holds(this)), resolve, reject }
      this.#waiters.add(waiter)
      this.#settle()
      // A test that only times out would not say what it has waited for.
      setTimeout(() => {
        if (this.#waiters.delete(waiter)) reject(new Error(`waiting until ${what} for ${WAIT_MS} ms`))
      }, WAIT_MS).unref()
    })
  }

  /** The first connection, live or closed, that satisfies the condition. */
  async connection(what: string, holds: (connection: Connection) => unknown): Promise<Connection> {
    let found: Connection | undefined
    await this.until(what, () => (found = this.all().find(holds)))
    if (found === undefined) throw new Error(`no connection ${what}`)
    return found
  }

  all(): Connection[] {
    return [...this.table.live.values(), ...this.table.closed.values()]
  }

  /** The connection from this client port, once it has closed. */
  closedOf(remotePort: number): Promise<Connection> {
    return this.connection(`of client port ${remotePort} closed`, (c) => c.remote.port === remotePort && c.close)
  }

  close(): void {
    this.socket.terminate()
  }

  #receive(text: string): void {
    if (this.#over !== null) return
    const frame = JSON.parse(text) as ServerFrame
    this.frames.push(frame)
    if (this.frames.length > 1_000) this.frames.shift()
    try {
      examineFrame(frame)
      this.table.apply(frame)
    } catch (error) {
      this.table.synced = false
      this.socket.terminate()
      return this.#end(error instanceof Error ? error : new Error(String(error)))
    }
    if (frame.type === 'hello') this.hello = frame
    if (frame.type === 'hello' || frame.type === 'listener') this.listener = frame.listener
    if (frame.type === 'error') this.errors.push(frame)
    this.#settle()
  }

  #settle(): void {
    for (const waiter of this.#waiters) {
      const holds = waiter.holds()
      if (!holds && this.#over === null) continue
      this.#waiters.delete(waiter)
      if (holds) waiter.resolve()
      else waiter.reject(new Error(`waiting until ${waiter.what}: ${this.#over?.message}`))
    }
  }

  #end(why: Error): void {
    this.#over ??= why
    this.#settle()
  }
}

/** Opens a feed and waits for the first complete snapshot. Closed after the test. */
export async function openFeed(uiPort: number, options: ClientOptions = {}, path = '/ws'): Promise<Feed> {
  const feed = new Feed(new WebSocket(`ws://localhost:${uiPort}${path}`, SUBPROTOCOL, options))
  onTestFinished(() => feed.close())
  await feed.until('the snapshot is whole', ({ table }) => table.synced)
  return feed
}

/** The HTTP status of the server's answer to an upgrade; 101 when it is accepted. */
export async function upgradeStatus(uiPort: number, headers: Record<string, string>, path = '/ws'): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${uiPort}${path}`, { headers })
  onTestFinished(() => socket.terminate())
  socket.on('error', () => {})
  const refused = once(socket, 'unexpected-response').then(([, response]) => {
    const { statusCode } = response as { statusCode: number }
    return statusCode
  })
  return Promise.race([refused, once(socket, 'open').then(() => 101)])
}
