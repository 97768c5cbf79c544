import { describe, expect, test } from 'vitest'
import { startServer } from '../../support/app.ts'
import { connectClient } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'

describe('echo (RFC 862)', () => {
  test('sends back exactly the bytes it was sent, of every value, and ends when the client has', async () => {
    const server = await startServer({ behavior: 'echo', greeting: false })
    const client = (await connectClient(server.port)).read()
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256))
    client.socket.end(sent)
    expect(await client.ended).toBe('fin')
    expect(client.received.equals(sent)).toBe(true)
  })
})

describe('discard (RFC 863)', () => {
  test('counts what it is sent and answers nothing, but the end', async () => {
    const server = await startServer({ behavior: 'discard', greeting: false })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    client.socket.end(Buffer.alloc(100_000))
    expect(await client.ended).toBe('fin')
    expect(client.received).toHaveLength(0)
    expect(await feed.closedOf(client.local.port)).toMatchObject({ bytesIn: 100_000, bytesOut: 0, chunksOut: 0 })
  })
})

describe('chargen (RFC 864)', () => {
  test('sends lines of 72 characters, each beginning one character further on, until the client leaves', async () => {
    const server = await startServer({ behavior: 'chargen', greeting: false })
    const client = (await connectClient(server.port)).read()
    const lines = (await client.bytes(200 * 74)).toString('latin1').split('\r\n').slice(0, 199)
    const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')
    lines.forEach((line, i) => {
      const start = i % 95
      expect(line).toBe((printable + printable).slice(start, start + 72))
    })
    client.socket.destroy()
  })

  test('does not care what it is sent', async () => {
    const server = await startServer({ behavior: 'chargen', greeting: false })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    client.socket.write('anything')
    const { bytesOut } = await feed.connection('that sent 8 bytes', ({ bytesIn }) => bytesIn === 8)
    await client.bytes(bytesOut + 100_000)
  })
})

describe('silent', () => {
  test('says nothing and leaves the connection half-closed when the client has ended', async () => {
    const server = await startServer({ behavior: 'silent', greeting: false })
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    client.socket.end('hello')
    const half = await feed.connection('half-closed', ({ state }) => state === 'half-closed')
    expect(half).toMatchObject({ bytesIn: 5, bytesOut: 0, close: null })
  })
})

describe('the greeting', () => {
  test('tells each client its own 4-tuple, its number and its company', async () => {
    const server = await startServer()
    const first = (await connectClient(server.port, { localAddress: '127.0.0.3' })).read()
    expect(await first.line()).toBe(
      `You are 127.0.0.3:${first.local.port}, connected to 127.0.0.1:${server.port} as connection 1; no other connection shares this port.`,
    )
    const second = (await connectClient(server.port, { host: '::1' })).read()
    expect(await second.line()).toBe(
      `You are [::1]:${second.local.port}, connected to [::1]:${server.port} as connection 2; 1 other connection shares this port.`,
    )
    const third = (await connectClient(server.port)).read()
    expect(await third.line()).toContain('as connection 3; 2 other connections share this port.')
  })

  test('is bytes like any other in the totals', async () => {
    const server = await startServer()
    const feed = await openFeed(server.uiPort)
    const client = (await connectClient(server.port)).read()
    const line = await client.line()
    await feed.connection('greeted', (c) => c.bytesOut === line.length + 1 && c.chunksOut === 1)
  })

  test('can be turned off', async () => {
    const server = await startServer({ greeting: false })
    const client = (await connectClient(server.port)).read()
    client.socket.write('x')
    expect((await client.bytes(1)).toString()).toBe('x')
  })
})
