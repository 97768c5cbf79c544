import type { Connection } from '../shared/connection.ts'
import type { Change, ServerFrame } from '../shared/stream.ts'
import { obey } from './command-process.ts'
import { openReader, type Reader } from './reader.ts'

// The process that stands for many dashboards. Each one parses every frame and keeps a table.

export interface ReaderCommands {
  /** Opens `count` more readers. Resolves when each one has its whole snapshot. */
  open(of: { url: string; count: number }): Promise<null>
  /** What the readers have received since the last call. */
  take(of: Record<string, never>): Promise<Taken>
  close(of: Record<string, never>): Promise<null>
}

export interface Taken {
  /** Bytes received by each reader. */
  bytes: number[]
  /** Number of live connections in each reader's table. */
  live: number[]
  /** When each accept reached each reader's table, by `acceptName`; milliseconds since the Unix epoch. */
  seen: Record<string, number[]>
}

class Table {
  readonly #live = new Map<number, Connection>()
  readonly #accepted: (name: string, at: number) => void
  readonly synced = Promise.withResolvers<void>()

  constructor(accepted: (name: string, at: number) => void) {
    this.#accepted = accepted
  }

  get size(): number {
    return this.#live.size
  }

  apply(frame: ServerFrame): void {
    if (frame.type === 'snapshot') {
      for (const connection of frame.connections)
        if (connection.close === null) this.#live.set(connection.id, connection)
      if (frame.last) this.synced.resolve()
    } else if (frame.type === 'changes') {
      for (const change of frame.changes) this.#change(change)
      const at = performance.timeOrigin + performance.now()
      for (const change of frame.changes) {
        if (change.kind === 'accept')
          this.#accepted(acceptName(change.connection.remote.port, change.connection.local.address), at)
      }
    }
  }

  #change(change: Change): void {
    if (change.kind === 'accept') this.#live.set(change.connection.id, change.connection)
    else if (change.kind === 'close') this.#live.delete(change.id)
    else if (change.kind === 'kernel' || change.kind === 'data') {
      const connection = this.#live.get(change.id)
      if (connection !== undefined) Object.assign(connection, change)
    }
  }
}

/** Identifies a connection: all clients of the bench have the same address, and the server has one port. */
export function acceptName(clientPort: number, serverAddress: string): string {
  return `${clientPort} ${serverAddress}`
}

let readers: { reader: Reader; table: Table; counted: number }[] = []
let seen: Taken['seen'] = {}

const commands: ReaderCommands = {
  async open({ url, count }) {
    for (let i = 0; i < count; i++) {
      const table = new Table((name, at) => void (seen[name] ??= []).push(at))
      const reader = await openReader(url, (frame) => table.apply(frame))
      readers.push({ reader, table, counted: 0 })
      await table.synced.promise
    }
    return null
  },
  async take() {
    const taken: Taken = { bytes: [], live: [], seen }
    for (const one of readers) {
      taken.bytes.push(one.reader.bytes() - one.counted)
      taken.live.push(one.table.size)
      one.counted = one.reader.bytes()
    }
    seen = {}
    return taken
  },
  async close() {
    await Promise.all(readers.map(({ reader }) => reader.stop()))
    readers = []
    return null
  },
}

if (process.send !== undefined) obey(commands)
