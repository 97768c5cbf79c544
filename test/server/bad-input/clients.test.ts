/**
 * Bad input from TCP clients. Other bad input is tested elsewhere: a client that never reads in
 * listener/limits, ports and flags in config/process, bad WebSocket frames and dashboards that stop reading in http/stream, Host
 * and Origin in http/access; what needs load is in test/e2e/bad-input.
 */
import { once } from 'node:events'
import { connect as connectTls } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isUnknownEndpoint } from '../../../shared/endpoint.ts'
import { startServer } from '../../support/app.ts'
import { connectClient, connectClients } from '../../support/clients.ts'
import { type Feed, openFeed } from '../../support/feed.ts'
import { suspend } from '../../support/suspend.ts'

async function serve(options = {}): Promise<{ port: number; uiPort: number; feed: Feed }> {
  const { port, uiPort } = await startServer({ greeting: false, ...options })
  return { port, uiPort, feed: await openFeed(uiPort) }
}

/** The server serves the next client, and its counters add up. */
async function stillServes(port: number, feed: Feed): Promise<void> {
  const client = (await connectClient(port)).read()
  client.socket.end('still there?')
  expect(await client.ended).toBe('fin')
  expect(client.received.toString()).toBe('still there?')
  await feed.closedOf(client.local.port)
  const { counters, live } = feed.table
  expect(counters?.live).toBe(live.size)
  expect(counters?.accepted).toBe((counters?.live ?? 0) + (counters?.closed ?? 0))
  expect(feed.listener).toMatchObject({ state: 'accepting', restarts: 0, fault: null })
}

describe('a client that resets at once', () => {
  /** Clients whose RST arrives before the listener process accepts them. */
  async function resetBeforeAccept(port: number, feed: Feed, count: number): Promise<void> {
    const pid = feed.listener?.pid ?? 0
    const { resume } = await suspend(pid)
    const clients = await connectClients(count, port)
    for (const { socket } of clients) socket.resetAndDestroy()
    resume()
  }

  test('is shown with an unspecified remote endpoint, and as reset by the peer', async () => {
    const { port, feed } = await serve()
    await resetBeforeAccept(port, feed, 5)
    await feed.until('all five have ended', ({ table }) => table.counters?.closed === 5)
    for (const connection of feed.table.closed.values()) {
      expect(isUnknownEndpoint(connection.remote)).toBe(true)
      expect(connection.local.port).toBe(port)
      expect(connection).toMatchObject({ bytesIn: 0, close: { by: 'peer', how: 'reset' } })
    }
    await stillServes(port, feed)
  })

  test('is recorded as reset by the peer in every behavior, with the greeting on', async () => {
    for (const behavior of ['echo', 'discard', 'chargen', 'silent'] as const) {
      const { port, feed } = await serve({ behavior, greeting: true })
      await resetBeforeAccept(port, feed, 3)
      await feed.until(`all three have ended at ${behavior}`, ({ table }) => table.counters?.closed === 3)
      expect(feed.table.counters).toMatchObject({ accepted: 3, live: 0 })
      for (const { close } of feed.table.closed.values()) expect(close).toMatchObject({ by: 'peer', how: 'reset' })
    }
  })

  test('is refused with an unspecified remote endpoint where the port is full', async () => {
    const { port, feed } = await serve({ maxConnections: 1 })
    const first = await connectClient(port)
    await feed.until('the port is full', ({ table }) => table.live.size === 1)
    await resetBeforeAccept(port, feed, 2)
    await feed.until('both are counted', ({ table }) => table.counters?.refused === 2)
    expect(feed.table.refused).toHaveLength(2)
    for (const { remote, local } of feed.table.refused) {
      expect(isUnknownEndpoint(remote)).toBe(true)
      expect(local.port).toBe(port)
    }
    first.socket.destroy()
    await feed.until('there is room again', ({ table }) => table.live.size === 0)
    await stillServes(port, feed)
  })
})

test('a client that sends one byte at a time gets each back, and each is a separate chunk', async () => {
  const { port, feed } = await serve()
  const client = (await connectClient(port, { noDelay: true })).read()
  const BYTES = 300
  for (let i = 0; i < BYTES; i++) {
    client.socket.write(Buffer.of(i % 256))
    await client.bytes(i + 1)
  }
  client.socket.end()
  expect(await feed.closedOf(client.local.port)).toMatchObject({
    bytesIn: BYTES,
    bytesOut: BYTES,
    chunksIn: BYTES,
    chunksOut: BYTES,
  })
  expect(client.received.every((byte, i) => byte === i % 256)).toBe(true)
})

test('a client that sends zero bytes and leaves is a connection like any other', async () => {
  const { port, feed } = await serve()
  const client = (await connectClient(port)).read()
  client.socket.end()
  expect(await client.ended).toBe('fin')
  expect(await feed.closedOf(client.local.port)).toMatchObject({
    bytesIn: 0,
    bytesOut: 0,
    chunksIn: 0,
    close: { by: 'peer', how: 'fin', reset: null, code: null },
  })
  await stillServes(port, feed)
})

test('a TLS hello is bytes', async () => {
  const { port, feed } = await serve()
  const tls = connectTls({ host: '127.0.0.1', port })
  onTestFinished(() => void tls.destroy())
  // The echo returns the client's hello, which no TLS client accepts as an answer.
  await once(tls, 'error')
  tls.destroy()
  const closed = await feed.connection('that has ended', ({ state }) => state === 'closed')
  expect(closed.bytesIn).toBeGreaterThan(100)
  await stillServes(port, feed)
})

test('an HTTP request is bytes, and a page that sends one learns nothing from it', async () => {
  const { port, feed } = await serve({ greeting: true })
  const error = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: 'x' }).catch(
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TypeError)
  const request = await feed.connection('that got a request', ({ bytesIn }) => bytesIn > 50)
  expect(request.local.port).toBe(port)
})

test('bytes of every kind are counted and nothing else: no text of a client reaches the stream', async () => {
  const { port, feed } = await serve()
  const client = (await connectClient(port)).read()
  const hostile = '</script><img src=x onerror=alert(1)>\u0000\u001b[2J\u202e"\\\r\n'
  client.socket.end(hostile)
  await feed.closedOf(client.local.port)
  expect(JSON.stringify(feed.frames)).not.toContain('onerror')
})
