import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { App } from '../../../../server/app.ts'
import { getJson, startServer } from '../../../support/app.ts'
import { type Client, connectClient } from '../../../support/clients.ts'
import { openFeed } from '../../../support/feed.ts'

interface Download {
  status: number
  offset: number
  total: number
  bytes: Buffer
  headers: Headers
}

async function download(app: App, id: number, direction?: string): Promise<Download> {
  const query = direction === undefined ? '' : `?direction=${direction}`
  const { status, headers, ...response } = await ask(app, `/${id}/payload${query}`)
  const number = (name: string): number => Number(headers.get(`oneport-payload-${name}`))
  return { status, headers, offset: number('offset'), total: number('total'), bytes: await response.bytes() }
}

async function ask(app: App, path: string) {
  const response = await fetch(`http://127.0.0.1:${app.uiPort}/api/connections${path}`)
  const { status, headers } = response
  return { status, headers, bytes: async () => Buffer.from(await response.arrayBuffer()), text: () => response.text() }
}

/** Sends the bytes and waits until the server has counted all of them. */
async function sendAll(app: App, client: Client, bytes: Buffer): Promise<void> {
  const feed = await openFeed(app.uiPort)
  client.socket.write(bytes)
  await feed.connection('has sent it', (c) => c.remote.port === client.local.port && c.bytesIn === bytes.length)
  feed.close()
}

const noise = (length: number): Buffer => {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(String(i)).digest(),
  )
  return Buffer.concat(blocks).subarray(0, length)
}

describe('the captured bytes of a connection', () => {
  test('are exactly those that its client sent', async () => {
    const app = await startServer({ behavior: 'discard' })
    for (const [index, length] of [0, 1, 15, 16, 17, 33, 65_535, 65_536].entries()) {
      const client = await connectClient(app.port)
      await sendAll(app, client, noise(length))
      const { status, bytes, offset, total, headers } = await download(app, index + 1)
      expect([status, offset, total]).toEqual([200, 0, length])
      expect(bytes.equals(noise(length)), `${length} bytes`).toBe(true)
      expect(headers.get('content-type')).toBe('application/octet-stream')
      expect(headers.get('content-disposition')).toBe(`attachment; filename="oneport-${index + 1}-in.bin"`)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('are the newest ones above the limit, and the offset counts the dropped ones', async () => {
    const app = await startServer({ behavior: 'discard', captureBytes: 1_000 })
    await sendAll(app, await connectClient(app.port), noise(5_000))
    const { bytes, offset, total } = await download(app, 1, 'in')
    expect([offset, total]).toEqual([4_000, 5_000])
    expect(bytes.equals(noise(5_000).subarray(4_000))).toBe(true)
  })

  test('are, in the other direction, the greeting and the echo', async () => {
    const app = await startServer()
    const client = (await connectClient(app.port)).read()
    const greeting = await client.line()
    await sendAll(app, client, Buffer.from('hello\n'))
    await client.bytes(greeting.length + 7)
    expect((await download(app, 1, 'out')).bytes.toString()).toBe(`${greeting}\nhello\n`)
  })

  test('can be had in many pieces, and after the connection has closed', async () => {
    const app = await startServer({ behavior: 'discard', captureBytes: 4_000_000 })
    const client = await connectClient(app.port)
    const feed = await openFeed(app.uiPort)
    await sendAll(app, client, noise(3_000_000))
    client.socket.destroy()
    await feed.closedOf(client.local.port)
    const { bytes, offset } = await download(app, 1)
    expect(offset).toBe(0)
    expect(bytes.equals(noise(3_000_000))).toBe(true)
  })

  test('are empty without capture, and the offset counts all bytes', async () => {
    const app = await startServer({ behavior: 'discard', captureBytes: 0 })
    await sendAll(app, await connectClient(app.port), noise(100))
    expect(await download(app, 1)).toMatchObject({ status: 200, offset: 100, total: 100, bytes: Buffer.alloc(0) })
  })
})

test('the events of a connection are listed without its bytes', async () => {
  const app = await startServer({ captureBytes: 8 })
  const client = (await connectClient(app.port)).read()
  const greeting = (await client.line()).length + 1
  await sendAll(app, client, Buffer.from('0123456789'))
  await client.bytes(greeting + 10)
  const headers = { 'content-type': 'application/json' }
  await getJson(app, '/api/connections/1/send', { method: 'POST', headers, body: '{"text":"bye"}' })
  await getJson(app, '/api/connections/1/close', { method: 'POST', headers, body: '{"how":"half"}' })
  const feed = await openFeed(app.uiPort)
  client.socket.end()
  await feed.closedOf(client.local.port)

  const answer = await ask(app, '/1/events')
  expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
  const events = (await answer.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  // Chunks and other events may share a millisecond.
  expect(events.filter(({ kind }) => kind === 'chunk')).toMatchObject([
    { direction: 'in', offset: 2, bytes: 8 },
    { direction: 'out', offset: greeting + 5, bytes: 5 },
    { direction: 'out', offset: greeting + 10, bytes: 3 },
  ])
  expect(events.filter(({ kind }) => kind !== 'chunk')).toMatchObject([
    { kind: 'accept', id: 1, remote: { port: client.local.port } },
    { kind: 'dropped', in: 2, out: greeting + 10 + 3 - 8 },
    { kind: 'action', action: { kind: 'send', bytes: 3 } },
    { kind: 'action', action: { kind: 'half' } },
    { kind: 'half-close', by: 'server' },
    { kind: 'half-close', by: 'peer' },
    { kind: 'close', close: { by: 'server', how: 'fin' } },
  ])
  expect(JSON.stringify(events)).not.toContain(Buffer.from('bye').toString('base64'))
})
