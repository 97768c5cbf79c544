import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { CAPTURE_TOTAL_BYTES, type PayloadChunk, type PayloadFrame } from '../../../../shared/payload.ts'
import type { App } from '../../../../server/app.ts'
import { sharedServer, startServer } from '../../../support/app.ts'
import { type Client, connectClient, connectInOrder } from '../../../support/clients.ts'
import { type Feed, openFeed } from '../../../support/feed.ts'

const frames = (feed: Feed): PayloadFrame[] => feed.frames.filter((frame) => frame.type === 'payload')
const chunks = (feed: Feed): PayloadChunk[] => frames(feed).flatMap((frame) => frame.chunks)

function bytes(feed: Feed, direction: 'in' | 'out'): Buffer {
  const parts = chunks(feed).filter((chunk) => chunk.direction === direction)
  return Buffer.concat(parts.map(({ data }) => Buffer.from(data, 'base64')))
}

function follow(feed: Feed, id: unknown): void {
  feed.socket.send(JSON.stringify({ type: 'follow', id }))
}

async function greeted(app: App): Promise<{ client: Client; greeting: string }> {
  const client = (await connectClient(app.port)).read()
  return { client, greeting: `${await client.line()}\n` }
}

async function followed(app: App, id: number): Promise<Feed> {
  const feed = await openFeed(app.uiPort)
  await feed.until(`connection ${id} is known`, ({ table }) => table.find(id) !== undefined)
  follow(feed, id)
  return feed
}

describe('a dashboard that follows a connection', () => {
  test('gets the bytes that were there and those that come, chunk by chunk, each once', async () => {
    const app = await startServer()
    const { client, greeting } = await greeted(app)
    client.socket.write('one')
    await client.bytes(greeting.length + 3)
    const feed = await followed(app, 1)
    await feed.until('the old ones came', () => bytes(feed, 'in').length === 3)
    client.socket.write('two!')
    await client.bytes(greeting.length + 7)
    await feed.until('the new ones came', () => bytes(feed, 'out').length === greeting.length + 7)
    expect(bytes(feed, 'in').toString()).toBe('onetwo!')
    expect(bytes(feed, 'out').toString()).toBe(`${greeting}onetwo!`)
    expect(chunks(feed).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5])
    expect(chunks(feed).map(({ direction, offset }) => `${direction} ${offset}`)).toEqual([
      'out 0',
      'in 0',
      `out ${greeting.length}`,
      'in 3',
      `out ${greeting.length + 3}`,
    ])
  })

  test('gets nothing of the others', async () => {
    const app = await startServer({ greeting: false })
    const feed = await openFeed(app.uiPort)
    const [first, second] = [(await connectClient(app.port)).read(), (await connectClient(app.port)).read()]
    await feed.until('both are known', ({ table }) => table.live.size === 2)
    follow(feed, 2)
    first.socket.write('not this')
    second.socket.write('this')
    await feed.until('it came', () => bytes(feed, 'out').toString() === 'this')
    expect(frames(feed).every(({ id }) => id === 2)).toBe(true)
  })

  test('gets those of another one when it turns to it, and none when it turns away', async () => {
    const app = await startServer({ behavior: 'discard' })
    const clients = await connectInOrder(2, app.port)
    const feed = await followed(app, 1)
    await feed.until('both are known', ({ table }) => table.live.size === 2)
    await feed.until('the first', () => frames(feed).some(({ id }) => id === 1))
    follow(feed, 2)
    await feed.until('the second', () => frames(feed).some(({ id }) => id === 2))
    follow(feed, null)
    const count = frames(feed).length
    for (const { socket } of clients) socket.write('unseen')
    await feed.until('it is told', ({ table }) => [...table.live.values()].every(({ bytesIn }) => bytesIn === 6))
    // A pending frame would arrive before the answer to this one.
    follow(feed, 999)
    await feed.until('the answer', ({ errors }) => errors.length > 0)
    expect(frames(feed)).toHaveLength(count)
  })

  test('gets those of a closed one too', async () => {
    const app = await startServer()
    const feed = await openFeed(app.uiPort)
    const { client, greeting } = await greeted(app)
    client.socket.end('bye')
    await feed.closedOf(client.local.port)
    follow(feed, 1)
    await feed.until('all came', () => bytes(feed, 'in').toString() === 'bye')
    expect(bytes(feed, 'out').toString()).toBe(`${greeting}bye`)
  })

  test('gets a frame at once even without bytes, and learns which bytes were dropped', async () => {
    const app = await startServer({ captureBytes: 0 })
    const { greeting } = await greeted(app)
    const feed = await followed(app, 1)
    await feed.until('it is told', () => frames(feed).length > 0)
    const extent = { in: 0, out: greeting.length }
    expect(frames(feed)[0]).toMatchObject({ id: 1, from: extent, to: extent, chunks: [], more: false })
  })

  test('gets large ones in several frames, to the last byte', async () => {
    const app = await startServer({ behavior: 'discard', greeting: false, captureBytes: 1_000_000 })
    const client = await connectClient(app.port)
    client.socket.write(Buffer.alloc(600_000, 'abcdefg'))
    const feed = await followed(app, 1)
    await feed.until('all came', () => bytes(feed, 'in').length === 600_000)
    expect(bytes(feed, 'in').equals(Buffer.alloc(600_000, 'abcdefg'))).toBe(true)
    expect(frames(feed).filter(({ more }) => more).length).toBeGreaterThan(1)
  })

  test('skips bytes dropped before they were sent, learns their offsets, and gets the following ones', async () => {
    const app = await startServer({ behavior: 'discard', greeting: false, captureBytes: 10_000 })
    const client = await connectClient(app.port)
    const feed = await followed(app, 1)
    const sent = 50 * 1024 * 1024
    client.socket.write(Buffer.alloc(sent))
    await feed.until('it has come to the end', () => frames(feed).at(-1)?.to.in === sent)
    expect(frames(feed).at(-1)?.from.in).toBe(sent - 10_000)
    expect(bytes(feed, 'in').length).toBeLessThan(sent / 10)
    const last = chunks(feed).at(-1)
    expect((last?.offset ?? 0) + Buffer.from(last?.data ?? '', 'base64').length).toBe(sent)
  })
})

test('a quiet connection whose bytes were dropped for others is reported, and /metrics counts those bytes', async () => {
  const app = await startServer({ behavior: 'discard', greeting: false, captureBytes: CAPTURE_TOTAL_BYTES })
  const quiet = await connectClient(app.port)
  const feed = await followed(app, 1)
  quiet.socket.write(Buffer.alloc(5_000))
  await feed.until('its bytes came', () => bytes(feed, 'in').length === 5_000)
  const other = await connectClient(app.port)
  other.socket.write(Buffer.alloc(CAPTURE_TOTAL_BYTES))
  await feed.until('it is told', () => frames(feed).at(-1)?.from.in === 5_000)
  expect(frames(feed).at(-1)).toEqual({
    type: 'payload',
    id: 1,
    from: { in: 5_000, out: 0 },
    to: { in: 5_000, out: 0 },
    chunks: [],
    more: false,
  })
  const metrics = await (await fetch(`http://127.0.0.1:${app.uiPort}/metrics`)).text()
  expect(Number(/^oneport_capture_dropped_bytes_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(5_000)
})

describe('a frame that asks for the bytes of', () => {
  const server = sharedServer()

  test('an unknown connection is always answered with CONNECTION_NOT_FOUND', async () => {
    const feed = await openFeed(server().uiPort)
    for (let i = 0; i < 10; i++) follow(feed, 999)
    await feed.until('all are answered', ({ errors }) => errors.length === 10)
    expect(new Set(feed.errors.map(({ code }) => code))).toEqual(new Set(['CONNECTION_NOT_FOUND']))
    expect(feed.socket.readyState).toBe(feed.socket.OPEN)
  })

  test.for(['x', '1', 1.5, -0.5, true, [], [1], {}, 1e300, undefined])('%j is malformed', async (id) => {
    const feed = await openFeed(server().uiPort)
    follow(feed, id)
    await feed.until('it is answered', ({ errors }) => errors.length === 1)
    expect(feed.errors[0]?.code).toBe('MALFORMED_FRAME')
  })

  test('a valid one resets the count of bad frames', async () => {
    const feed = await openFeed(server().uiPort)
    const bad = (): void => {
      for (let i = 0; i < 4; i++) feed.socket.send('{')
    }
    bad()
    follow(feed, null)
    bad()
    await feed.until('all are answered', ({ errors }) => errors.length === 8)
    const closed = once(feed.socket, 'close')
    feed.socket.send('{')
    expect((await closed)[0]).toBe(1008)
  })
})
