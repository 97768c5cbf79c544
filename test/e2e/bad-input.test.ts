/** Bad input under load. Bad input without load is tested in test/server. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Listener } from '../../shared/stream.ts'
import { getJson } from '../support/app.ts'
import { type Client, connectClient, openClient } from '../support/clients.ts'
import { type Feed, openFeed } from '../support/feed.ts'
import { startProcess } from '../support/server-process.ts'

const MIB = 1024 * 1024
const ON_LINUX = process.platform === 'linux'

async function serve(args: string[] = [], before = ':') {
  const server = startProcess({ args: ['--port', '0', '--ui-port', '0', '--no-greeting', ...args], before })
  const { port, uiPort } = await server.ready()
  const feed = await openFeed(uiPort)
  const memory = () => ({
    control: residentBytes(server.child.pid ?? 0),
    listener: residentBytes(feed.listener?.pid ?? 0),
  })
  return { server, port, uiPort, feed, memory }
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024
}

async function echoes(port: number): Promise<void> {
  const client = (await connectClient(port)).read()
  client.socket.end('still there?')
  await client.ended
  expect(client.received.toString()).toBe('still there?')
}

/**
 * Connects `count` clients that leave at once. Each round fits into the accept queue, because the kernel would drop
 * further connections even after their handshake, and a busy machine accepts late.
 */
async function comeAndLeave(feed: Feed, port: number, count: number, leave: (socket: Socket, index: number) => void) {
  const ROUND = 400
  for (let done = feed.table.counters?.closed ?? 0, end = done + count; done < end;) {
    const size = Math.min(ROUND, end - done)
    const run = async (_: unknown, index: number): Promise<void> => {
      const { socket } = await openClient(port)
      const closed = once(socket, 'close')
      leave(socket, index)
      await closed
    }
    await Promise.all(Array.from({ length: size }, run))
    await settled(feed, (done += size))
  }
}

async function settled(feed: Feed, closed: number): Promise<void> {
  await feed.until(`${closed} have left`, ({ table }) => table.counters?.closed === closed && table.live.size === 0)
}

test('10,000 clients that connect and leave at once, half of them by reset, are counted exactly', async () => {
  const { server, port, uiPort, feed } = await serve()
  const CLIENTS = 10_000
  await comeAndLeave(feed, port, CLIENTS, (socket, index) => {
    if (index % 2 === 0) socket.destroy()
    else socket.resetAndDestroy()
  })
  expect(feed.table.counters).toMatchObject({ accepted: CLIENTS, live: 0, closed: CLIENTS, refused: 0 })
  const { body } = await getJson<Listener>({ uiPort }, '/api/listener')
  expect(body).toMatchObject({ state: 'accepting', restarts: 0, counters: feed.table.counters })
  expect(server.child.exitCode).toBeNull()
  await echoes(port)
})

describe('a client that sends 1 GiB', () => {
  const GIB = 1024 * MIB
  const CHUNK = Buffer.alloc(MIB, 'oneport ')

  async function send(socket: Socket): Promise<void> {
    for (let sent = 0; sent < GIB; sent += CHUNK.length) {
      if (!socket.write(CHUNK)) await once(socket, 'drain')
    }
    socket.end()
  }

  test.skipIf(!ON_LINUX).for(['echo', 'discard'])(
    'to %s is counted to the byte, in bounded memory',
    async (behavior) => {
      const { port, feed, memory } = await serve(['--behavior', behavior])
      const before = memory()
      const { socket, local } = await connectClient(port)
      let received = 0
      socket.on('data', (chunk: Buffer) => (received += chunk.length))
      const ended = once(socket, 'end')
      await send(socket)
      await ended
      expect(received).toBe(behavior === 'echo' ? GIB : 0)
      expect(await feed.closedOf(local.port)).toMatchObject({
        bytesIn: GIB,
        bytesOut: received,
        close: { by: 'peer', how: 'fin' },
      })
      expect(feed.table.counters).toMatchObject({ bytesIn: GIB, bytesOut: received })
      const after = memory()
      // V8 starts to collect buffers at 64 MiB, and finishes later on a busy machine.
      expect(after.listener - before.listener).toBeLessThan(192 * MIB)
      expect(after.control - before.control).toBeLessThan(48 * MIB)
    },
  )
})

test('a dashboard that stops reading costs the others nothing, and is sent a new snapshot when it reads again', async () => {
  const { port, uiPort, feed } = await serve()
  const stuck = await openFeed(uiPort)
  stuck.socket.pause()
  // Their changes are three times what the kernel's buffers hold.
  const CLIENTS = 20_000
  await comeAndLeave(feed, port, CLIENTS, (socket) => socket.destroy())
  stuck.socket.resume()
  await settled(stuck, CLIENTS)
  expect(stuck.table.resyncs).toBeGreaterThan(0)
})

describe.skipIf(!ON_LINUX)('descriptor exhaustion (ulimit -n 256)', () => {
  test.for([[[]], [['--max-connections', '10000']]] as const)(
    'the dashboard and the API answer, newcomers are refused, and the port recovers when clients leave: %j',
    async ([args]) => {
      const { server, port, uiPort, feed } = await serve([...args], 'ulimit -n 256')
      const limit = feed.listener?.maxConnections ?? 0
      expect(limit).toBeGreaterThan(100)
      expect(limit).toBeLessThan(256)

      const EXTRA = 200
      const clients: Client[] = []
      onTestFinished(() => clients.forEach(({ socket }) => socket.destroy()))
      for (let i = 0; i < limit + EXTRA; i++) clients.push((await openClient(port)).read())
      await feed.until('the port is full', ({ table }) => {
        return table.live.size === limit && table.counters?.refused === EXTRA
      })

      // While the port is full, the API, the stream and the health check still answer.
      expect(await getJson({ uiPort }, '/healthz')).toMatchObject({ status: 200 })
      const { body } = await getJson<Listener>({ uiPort }, '/api/listener')
      expect(body).toMatchObject({
        state: 'accepting',
        restarts: 0,
        maxConnections: limit,
        descriptorLimit: 256,
        counters: { accepted: limit, live: limit, refused: EXTRA },
      })
      const late = await openFeed(uiPort)
      expect(late.table.live.size).toBe(limit)
      expect(server.child.exitCode).toBeNull()

      for (const { socket } of clients) socket.destroy()
      await settled(feed, limit)
      await echoes(port)
      await settled(feed, limit + 1)
      expect(feed.table.counters).toMatchObject({ accepted: limit + 1, live: 0, closed: limit + 1, refused: EXTRA })
    },
  )

  test('the dashboard closes sockets over its limit and stays available', async () => {
    const { port, uiPort, feed } = await serve([], 'ulimit -n 256')
    const strangers: Socket[] = []
    onTestFinished(() => strangers.forEach((socket) => socket.destroy()))
    for (let i = 0; i < 300; i++) {
      const socket = connect({ host: '127.0.0.1', port: uiPort })
      socket.on('error', () => {})
      await once(socket, 'connect')
      strangers.push(socket)
    }
    const client = await connectClient(port)
    await feed.connection('accepted meanwhile', ({ remote }) => remote.port === client.local.port)
    for (const socket of strangers) socket.destroy()
    // The server refuses new sockets until it has seen the others close.
    await expect.poll(() => getJson({ uiPort }, '/healthz')).toMatchObject({ status: 200 })
  })
})
