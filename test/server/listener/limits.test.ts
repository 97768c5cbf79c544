import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Listener } from '../../../shared/stream.ts'
import { getJson, startServer } from '../../support/app.ts'
import { connectClient, connectClients } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'
import { stalled } from '../../support/stalled.ts'
import { isMissing, longTime } from '../../tools.ts'

const MIB = 1024 * 1024
const CROWD = 800
/** More than the kernel's queues of one connection hold. */
const MUCH = Buffer.alloc(16 * MIB)
/** What one read of a socket may bring. The server reads on only when this has left, so one waits for each client. */
const READ_MAX = 64 * 1024
const ON_LINUX = process.platform === 'linux'

function residentBytes(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) * 1024
}

test('connections over the limit are refused, counted and shown, and there is room again when one leaves', async () => {
  const server = await startServer({ maxConnections: 2 })
  const feed = await openFeed(server.uiPort)
  const [first] = await connectClients(2, server.port)
  await feed.until('two are served', ({ table }) => table.live.size === 2)

  const refused = (await connectClient(server.port)).read()
  expect(await refused.ended).not.toBe('closed')
  expect(refused.received).toHaveLength(0)
  await feed.until('the refusal is shown', ({ table }) => table.refused.length === 1)
  expect(feed.table.refused[0]).toMatchObject({
    kind: 'refused',
    local: { address: '127.0.0.1', port: server.port },
    remote: refused.local,
    why: 'max-connections',
  })
  const { body } = await getJson<Listener>(server, '/api/listener')
  expect(body).toMatchObject({ maxConnections: 2, counters: { accepted: 2, live: 2, refused: 1 } })

  first?.socket.end()
  first?.read()
  await feed.until('one has left', ({ table }) => table.live.size === 1)
  const next = (await connectClient(server.port)).read()
  expect(await next.line()).toContain('as connection 3;')
})

test('a batch counts all refusals, including those not listed one by one', async () => {
  const server = await startServer({ maxConnections: 1 })
  const feed = await openFeed(server.uiPort)
  await connectClient(server.port)
  await feed.until('the port is full', ({ table }) => table.live.size === 1)
  const clients = await connectClients(300, server.port)
  await Promise.all(clients.map((client) => client.read().ended))
  await feed.until('all are counted', ({ table }) => table.counters?.refused === 300)
  expect(feed.table.counters).toMatchObject({ accepted: 1, live: 1, closed: 0 })
})

test('the limit is never more than the descriptor limit allows', async () => {
  const server = await startServer({ maxConnections: 2 ** 31 - 1 })
  const { body } = await getJson<Listener>(server, '/api/listener')
  expect(body.maxConnections).toBeLessThan(2 ** 31 - 1)
})

test.skipIf(!ON_LINUX)(
  'a client of echo that never reads is not read from either: 200 MiB wait at the client',
  async () => {
    const server = await startServer({ behavior: 'echo', greeting: false })
    const feed = await openFeed(server.uiPort)
    const pid = feed.listener?.pid ?? 0
    const before = residentBytes(pid)
    const client = await connectClient(server.port)
    const { id } = await feed.connection('open', ({ state }) => state === 'open')
    for (let i = 0; i < 200; i++) client.socket.write(Buffer.alloc(MIB))
    const { bytesIn, bytesOut } = await stalled(feed, server.port, [id])
    expect(client.socket.writableLength).toBeGreaterThan(150 * MIB)
    expect(bytesIn).toBeLessThan(32 * MIB)
    expect(bytesIn - bytesOut, 'what is read but not yet sent').toBeLessThan(MIB)
    expect(residentBytes(pid) - before).toBeLessThan(48 * MIB)
  },
)

test.skipIf(!ON_LINUX || isMissing(longTime))(
  'for each of hundreds of clients that never read one read of bytes waits, and all are given back to the system when they have left',
  async () => {
    const server = await startServer({ behavior: 'echo', greeting: false, captureBytes: 0 })
    const feed = await openFeed(server.uiPort)
    const pid = feed.listener?.pid ?? 0
    const clients = await connectClients(CROWD, server.port)
    const before = residentBytes(pid)
    for (const { socket } of clients) socket.write(MUCH)
    await feed.until('all are known', ({ table }) => table.live.size === CROWD)
    const { bytesIn, bytesOut } = await stalled(feed, server.port, [...feed.table.live.keys()])
    expect(bytesIn - bytesOut, 'what is read but not yet sent').toBeLessThanOrEqual(CROWD * READ_MAX)
    expect(residentBytes(pid) - before).toBeGreaterThan(bytesIn - bytesOut)

    for (const { socket } of clients) socket.destroy()
    await feed.until('all have left', ({ table }) => table.live.size === 0)
    // It waits for a second of rest, which comes late on a busy machine.
    await expect.poll(() => residentBytes(pid) - before, { timeout: 45_000 }).toBeLessThan(16 * MIB)
  },
  90_000,
)

test.skipIf(!ON_LINUX)(
  'a chargen client that never reads fills its socket queues but not the server’s memory',
  async () => {
    const server = await startServer({ behavior: 'chargen', greeting: false })
    const feed = await openFeed(server.uiPort)
    const pid = feed.listener?.pid ?? 0
    const before = residentBytes(pid)
    const client = await connectClient(server.port)
    const { id } = await feed.connection('open', ({ state }) => state === 'open')
    const { bytesOut } = await stalled(feed, server.port, [id])
    expect(bytesOut).toBeLessThan(32 * MIB)
    expect(residentBytes(pid) - before).toBeLessThan(48 * MIB)
    client.read()
    await feed.until('the server sends again once the client reads', ({ table }) => {
      return (table.live.get(id)?.bytesOut ?? 0) > bytesOut + 10 * MIB
    })
    client.socket.destroy()
  },
)
