import { afterAll, expect, onTestFinished } from 'vitest'
import type { Action } from '../../shared/action.ts'
import type { Connection } from '../../shared/connection.ts'
import { DIRECTIONS, type Direction } from '../../shared/payload.ts'
import type { Rule } from '../../shared/script.ts'
import type { Behavior } from '../../shared/stream.ts'
import type { ChunkTuple, AskResult, PayloadPart } from '../../server/listener/asks.ts'
import type { ListenerOptions } from '../../server/listener/messages.ts'
import { ListenerSupervisor, type SupervisorEvents } from '../../server/listener/supervisor.ts'
import { FactsReader } from '../../server/table/apply.ts'
import { toConnection } from '../../server/table/entry.ts'
import { ConnectionTable } from '../../server/table/table.ts'
import { type Client, connectClient } from './clients.ts'

const DEFAULTS: ListenerOptions = {
  fd: null,
  host: '127.0.0.1',
  port: 0,
  backlog: 511,
  behavior: 'echo',
  rules: [],
  greeting: null,
  maxConnections: null,
  idleTimeoutMs: 0,
  keepaliveMs: 0,
  firstId: 1,
  captureBytes: 65_536,
  paused: false,
}

/** Handlers that ignore every event; a test overrides those it needs. */
export const UNHEARD: SupervisorEvents = {
  listening() {},
  paused() {},
  facts() {},
  greeting() {},
  behavior() {},
  fault() {},
  unresponsive() {},
  captureDropped() {},
  died() {},
}

/** A real listener process with a table, without the dashboard. Stopped after the test. */
export class Listener {
  readonly table = new ConnectionTable(10_000)
  readonly supervisor: ListenerSupervisor
  port = 0
  #waiting: (() => void)[] = []

  constructor(options: Partial<ListenerOptions>) {
    const facts = new FactsReader(this.table)
    this.supervisor = new ListenerSupervisor(
      { ...DEFAULTS, ...options },
      {
        ...UNHEARD,
        listening: (_pid, { port }) => void (this.port = port),
        facts: (pid, message) => {
          facts.apply(message, pid, this.port)
          this.#wake()
        },
      },
    )
  }

  /** Connects a client that reads. Returns it with its connection's id. */
  async client(): Promise<{ client: Client; id: number }> {
    const client = (await connectClient(this.port)).read()
    // A shared listener may have had an earlier client of this port.
    const { id } = await this.record(({ remote, close }) => remote.port === client.local.port && close === null)
    return { client, id }
  }

  /** The first record that satisfies the condition, as soon as there is one. */
  async record(holds: (connection: Connection) => unknown): Promise<Connection> {
    let record: Connection | undefined
    await this.until(({ table }) => {
      record = table
        .all()
        .map((entry) => toConnection(entry, table))
        .find(holds)
      return record !== undefined
    })
    return record ?? expect.unreachable()
  }

  /** Resolves once the condition holds, checked after each batch of facts. */
  async until(holds: (listener: this) => boolean): Promise<void> {
    while (!holds(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  recordOf(id: number, holds: (connection: Connection) => unknown): Promise<Connection> {
    return this.record((connection) => connection.id === id && holds(connection))
  }

  async send(ids: number[] | 'all', data: Uint8Array | string): Promise<AskResult[]> {
    const answer = await this.supervisor.ask({ what: 'send', ids, data: Buffer.from(data).toString('base64') })
    return answer ?? expect.unreachable('the listener process died')
  }

  async close(ids: number[] | 'all', how: Extract<Action['kind'], 'fin' | 'half' | 'reset'>): Promise<AskResult[]> {
    const answer = await this.supervisor.ask({ what: 'close', ids, how })
    return answer ?? expect.unreachable('the listener process died')
  }

  async reading(id: number, paused: boolean): Promise<AskResult> {
    const answer = await this.supervisor.ask({ what: 'reading', id, paused })
    return answer ?? expect.unreachable('the listener process died')
  }

  async behavior(id: number, behavior: Behavior | null, rules: Rule[] = []): Promise<AskResult> {
    const answer = await this.supervisor.ask({ what: 'behavior', id, setting: behavior && { behavior, rules } })
    return answer ?? expect.unreachable('the listener process died')
  }

  payload(id: number, after = 0, maxBytes = 131_072): Promise<PayloadPart | null> {
    return this.supervisor.ask({ what: 'payload', id, after, maxBytes })
  }

  /** All captured bytes of a connection, requested part by part. */
  async captured(id: number): Promise<Captured> {
    const captured = new Captured()
    let more = true
    while (more) {
      const part = await this.payload(id, captured.chunks.at(-1)?.[0] ?? 0)
      if (part === null) break
      captured.chunks.push(...part.chunks)
      captured.from = part.from
      captured.to = part.to
      more = part.more
    }
    return captured
  }
}

export class Captured {
  readonly chunks: ChunkTuple[] = []
  from: Record<Direction, number> = { in: 0, out: 0 }
  to: Record<Direction, number> = { in: 0, out: 0 }

  /** The bytes of one direction. Fails if there is a gap between two chunks. */
  bytes(direction: Direction): Buffer {
    let offset = this.from[direction]
    const parts: Buffer[] = []
    for (const chunk of this.of(direction)) {
      expect(chunk[3], `where chunk ${chunk[0]} begins`).toBe(offset)
      const bytes = Buffer.from(chunk[4], 'base64')
      parts.push(bytes)
      offset += bytes.length
    }
    expect(offset, 'the newest byte').toBe(this.to[direction])
    return Buffer.concat(parts)
  }

  of(direction: Direction): ChunkTuple[] {
    return this.chunks.filter((chunk) => chunk[2] === direction)
  }

  get numbers(): number[] {
    return this.chunks.map(([n]) => n)
  }

  get lengths(): Record<Direction, number> {
    const [ins = 0, outs = 0] = DIRECTIONS.map((direction) => this.bytes(direction).length)
    return { in: ins, out: outs }
  }
}

export async function startListener(options: Partial<ListenerOptions> = {}): Promise<Listener> {
  const listener = new Listener(options)
  onTestFinished(() => listener.supervisor.stop(0))
  await listener.supervisor.start()
  return listener
}

/**
 * Starts a listener process for each set of options that the tests of a file ask for, because starting one takes longer than most tests. For
 * tests that look only at their own connections.
 */
export function listenersOfFile(): (options?: Partial<ListenerOptions>) => Promise<Listener> {
  const running = new Map<string, Promise<Listener>>()
  const start = async (options: Partial<ListenerOptions>): Promise<Listener> => {
    const listener = new Listener(options)
    await listener.supervisor.start()
    return listener
  }
  afterAll(async () => {
    for (const listener of running.values()) await (await listener).supervisor.stop(0)
  })
  return (options = {}) => {
    const key = JSON.stringify(options)
    const listener = running.get(key) ?? start(options)
    running.set(key, listener)
    return listener
  }
}
