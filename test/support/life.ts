import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import type { App } from '../../server/app.ts'
import type { Row } from '../../web/live/row.ts'
import { getJson } from './app.ts'
import { Client } from './clients.ts'
import type { PageTable } from './page-table.ts'

// Lives of connections, in which both sides act.

const CLIENT_DEEDS = [
  'data',
  'much data',
  'client fin',
  'client close',
  'client reset',
  'client stops',
  'client reads',
] as const
const SERVER_DEEDS = ['send', 'send much', 'half', 'fin', 'reset', 'stop reading', 'read again'] as const
const ENDS = ['client close', 'client reset', 'fin', 'reset'] as const
export type Deed = (typeof CLIENT_DEEDS)[number] | (typeof SERVER_DEEDS)[number]

/** `at once`: the next deed does not wait for this one. `sampled`: the kernel is sampled after it. */
type Then = 'at once' | 'arrived' | 'sampled'

export interface History {
  family: 4 | 6
  steps: [deed: Deed, then: Then][]
}

const step = (deeds: readonly Deed[]) =>
  fc.tuple(fc.constantFrom(...deeds), fc.constantFrom<Then>('at once', 'arrived', 'sampled'))
const anything = step([...CLIENT_DEEDS, ...SERVER_DEEDS])

export const histories: fc.Arbitrary<History> = fc.record({
  family: fc.constantFrom<4 | 6>(4, 6),
  steps: fc
    .tuple(fc.array(anything, { maxLength: 4 }), step(ENDS), fc.array(anything, { maxLength: 2 }))
    .map(([before, end, after]) => [...before, end, ...after]),
})

const SMALL = Buffer.alloc(10, 'x')
const MUCH = Buffer.alloc(300_000, 'x')
const SENT = { send: 10, 'send much': 1_000_000 }

/** One connection of a running server. */
export class Life {
  readonly client: Client
  readonly row: Row
  readonly #app: App

  private constructor(app: App, client: Client, row: Row) {
    this.#app = app
    this.client = client
    this.row = row
  }

  /** Connects from this port if it is free, otherwise from any. */
  static async begin(app: App, page: PageTable, family: 4 | 6, localPort: number): Promise<Life> {
    const after = page.newest
    const host = family === 4 ? '127.0.0.1' : '::1'
    const open = async (port: number): Promise<Client> => {
      const socket = connect({ host, port: app.port, localPort: port, allowHalfOpen: true })
      await once(socket, 'connect')
      return new Client(socket).read()
    }
    const client = await open(localPort).catch(() => open(0))
    const { port } = client.local
    const is = ({ id, remote }: Row) => id > after && remote.port === port && remote.address === host
    return new Life(app, client, await page.row(`of client port ${port}`, is))
  }

  async live(steps: History['steps']): Promise<void> {
    for (const [deed, then] of steps) {
      const done = this.#do(deed)
      if (then !== 'at once') await done
      if (then === 'sampled') await getJson(this.#app, '/api/kernel')
    }
  }

  /** The client ends what is still open. */
  finish(): void {
    const { socket } = this.client
    socket.resume()
    if (!socket.destroyed) socket.end()
  }

  #do(deed: Deed): Promise<void> | void {
    const { socket } = this.client
    switch (deed) {
      case 'data':
      case 'much data':
        if (socket.writable) return new Promise((resolve) => this.#write(deed === 'data' ? SMALL : MUCH, resolve))
        return
      case 'client fin':
        if (socket.writable) return new Promise((resolve) => socket.end(resolve))
        return
      case 'client close':
        return void socket.destroy()
      case 'client reset':
        if (!socket.destroyed) socket.resetAndDestroy()
        return
      case 'client stops':
        return void socket.pause()
      case 'client reads':
        return void socket.resume()
      case 'send':
      case 'send much':
        return this.#post('send', { text: 'x'.repeat(SENT[deed]) })
      case 'stop reading':
      case 'read again':
        return this.#post('reading', { paused: deed === 'stop reading' })
      default:
        return this.#post('close', { how: deed })
    }
  }

  /** Much data may wait until the other side reads. */
  #write(data: Buffer, written: () => void): void {
    if (!this.client.socket.write(data, written)) setImmediate(written)
  }

  async #post(path: string, body: object): Promise<void> {
    await postJson(this.#app, `/api/connections/${this.row.id}/${path}`, body)
  }
}

export async function postJson(app: App, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(`http://127.0.0.1:${app.uiPort}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}
