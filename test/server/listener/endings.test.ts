import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { CloseAction } from '../../../shared/vocabulary.ts'
import { startServer } from '../../support/app.ts'
import { connectClient } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'
import { stalled } from '../../support/stalled.ts'

async function closeBy(uiPort: number, id: number, how: CloseAction): Promise<void> {
  const url = `http://127.0.0.1:${uiPort}/api/connections/${id}/close`
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify({ how }) })).status).toBe(200)
}

describe('how a connection ends', () => {
  test('the client sends FIN: half-closed first where the server has not answered, closed by the peer with fin', async () => {
    const server = await startServer({ behavior: 'silent' })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    client.socket.end('bye')
    const half = await feed.connection('half-closed', ({ state }) => state === 'half-closed')
    expect(half).toMatchObject({ bytesIn: 3, close: null, halfClosedAt: expect.any(Number) as number })
    // Now only the server can close the connection.
    await server.stop(1_000)
    expect(await client.ended).toBe('fin')
    expect(await feed.closedOf(client.local.port)).toMatchObject({
      close: { by: 'peer', how: 'fin', reset: null, code: null },
      fd: null,
    })
  })

  test('the client sends FIN and the server answers at once: closed by the peer with fin, all bytes echoed', async () => {
    const server = await startServer({ greeting: false })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    client.socket.end('hello')
    expect(await client.ended).toBe('fin')
    expect(client.received.toString()).toBe('hello')
    expect(await feed.closedOf(client.local.port)).toMatchObject({
      state: 'closed',
      close: { by: 'peer', how: 'fin', reset: null, code: null },
      halfClosedAt: expect.any(Number) as number,
      bytesIn: 5,
      bytesOut: 5,
    })
  })

  test('while the clock is set back: the times are in order, and as far apart as they were', async () => {
    // In the listener process, each look at the clock finds it one second earlier.
    const clock = 'const { now } = Date; let looks = 0; Date.now = () => now() - 1000 * looks++'
    vi.stubEnv('NODE_OPTIONS', `--import=data:text/javascript,${encodeURIComponent(clock)}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    const server = await startServer()
    const feed = await openFeed(server.uiPort)
    const began = performance.now()
    const client = (await connectClient(server.port)).read()
    client.socket.end('hello')
    const { openedAt, lastActivityAt, halfClosedAt, close } = await feed.closedOf(client.local.port)
    const times = [openedAt, halfClosedAt ?? 0, lastActivityAt, close?.at ?? 0]
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect((close?.at ?? 0) - openedAt).toBeLessThanOrEqual(performance.now() - began + 1)
  })

  test('the client sends RST: closed by the peer with reset, ECONNRESET', async () => {
    const server = await startServer()
    const feed = await openFeed(server.uiPort)
    const client = await connectClient(server.port)
    await feed.connection('open', ({ state }) => state === 'open')
    client.socket.resetAndDestroy()
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({
      by: 'peer',
      how: 'reset',
      reset: 'peer',
      code: 'ECONNRESET',
    })
  })

  test('the client has sent FIN, then RST while the server still writes: closed by the peer with fin, then reset by it', async () => {
    const server = await startServer({ behavior: 'chargen' })
    const feed = await openFeed(server.uiPort)
    const client = await connectClient(server.port)
    const { id } = await feed.connection('open', ({ state }) => state === 'open')
    // With its send queue full the server cannot answer the FIN yet.
    await stalled(feed, server.port, [id])
    client.socket.end()
    await feed.connection('half-closed', ({ state }) => state === 'half-closed')
    client.socket.resetAndDestroy()
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'peer', how: 'fin', reset: 'peer' })
  })

  test('the client has sent FIN, then RST while a silent server does nothing: that is seen too', async () => {
    const server = await startServer({ behavior: 'silent' })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    client.socket.end()
    await feed.connection('half-closed', ({ state }) => state === 'half-closed')
    client.socket.resetAndDestroy()
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'peer', how: 'fin', reset: 'peer' })
  })

  test('the client has sent FIN, then the server sends RST: closed by the peer with fin, then reset by the server', async () => {
    const server = await startServer({ behavior: 'silent' })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    client.socket.end()
    const { id } = await feed.connection('half-closed', ({ state }) => state === 'half-closed')
    await closeBy(server.uiPort, id, 'reset')
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'peer', how: 'fin', reset: 'server' })
  })

  test('the server half-closes, then the client sends RST: closed by the server with fin, then reset by the client', async () => {
    const server = await startServer({ behavior: 'silent' })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    const { id } = await feed.connection('open', ({ state }) => state === 'open')
    await closeBy(server.uiPort, id, 'half')
    expect(await client.ended).toBe('fin')
    client.socket.resetAndDestroy()
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'server', how: 'fin', reset: 'peer' })
  })

  test('the server sends RST: closed by the server with reset', async () => {
    const server = await startServer()
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    const { id } = await feed.connection('open', ({ state }) => state === 'open')
    await closeBy(server.uiPort, id, 'reset')
    const close = { by: 'server', how: 'reset', reset: 'server', code: null }
    expect((await feed.closedOf(client.local.port)).close).toMatchObject(close)
  })

  test('the server stops, the client answers its FIN: closed by the server with fin', async () => {
    const server = await startServer()
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port, { allowHalfOpen: false })).read()
    await feed.connection('open', ({ state }) => state === 'open')
    await server.stop(5_000)
    expect(await client.ended).toBe('fin')
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({
      by: 'server',
      how: 'fin',
      reset: null,
      code: null,
    })
  })

  test('the server stops, the client does not answer its FIN in time: closed by the server with fin, then reset by it', async () => {
    const server = await startServer()
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    await feed.connection('open', ({ state }) => state === 'open')
    await server.stop(50)
    expect(await client.ended).toBe('fin')
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({
      by: 'server',
      how: 'fin',
      reset: 'server',
      code: null,
    })
    // After FIN and RST the socket has no peer (getpeername(2), ENOTCONN); after FIN alone it has one.
    expect(client.socket.remotePort).toBeUndefined()
  })

  test('nothing was said for the idle timeout: closed by the server with timeout', async () => {
    const server = await startServer({ idleTimeoutMs: 50 })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({
      by: 'server',
      how: 'timeout',
      reset: null,
      code: null,
    })
    expect(await client.ended).toBe('fin')
  })
})

test('bytes that the kernel did not take are not counted as sent, whatever ends the connection', async () => {
  const server = await startServer({ behavior: 'chargen', greeting: false })
  const feed = await openFeed(server.uiPort)
  const client = await connectClient(server.port)
  const { id } = await feed.connection('open', ({ state }) => state === 'open')
  const { bytesOut } = await stalled(feed, server.port, [id])
  client.socket.resetAndDestroy()
  expect((await feed.closedOf(client.local.port)).bytesOut).toBe(bytesOut)
})
