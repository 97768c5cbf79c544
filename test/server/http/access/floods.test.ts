import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { App } from '../../../../server/app.ts'
import { WRITES_MAX, WRITES_MS } from '../../../../server/http/access/limits.ts'
import { ClientFrames } from '../../../../server/http/stream/client-frames.ts'
import { getJson, startServer } from '../../../support/app.ts'
import { connectClient } from '../../../support/clients.ts'
import { type Feed, openFeed } from '../../../support/feed.ts'

async function open(port: number, text: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

/** The status of a write from an address of this machine. */
async function write(
  app: App,
  localAddress: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; retryAfter: string | undefined; text: string }> {
  const asked = request({
    host: '127.0.0.1',
    port: app.uiPort,
    localAddress,
    headers,
    method: 'DELETE',
    path: '/api/clients/1',
  })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const text = (await answer.toArray()).join('')
  return { status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], text }
}

async function readers(app: App): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${app.uiPort}/metrics`)).text()
  return Number(/^oneport_readers (\d+)$/m.exec(text)?.[1])
}

test('too many writes are refused for a while; reads, other addresses and the port keep working', async () => {
  const app = await startServer()
  // The limiter's clock is frozen: on a slow machine, too, all writes fall into one window.
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const statuses = new Map<number, number>()
  for (let sent = 0; sent < WRITES_MAX; sent += 50) {
    for (const { status } of await Promise.all(Array.from({ length: 50 }, () => write(app, '127.0.0.1')))) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  expect([...statuses]).toEqual([[404, WRITES_MAX]])
  const { status, retryAfter, text } = await write(app, '127.0.0.1')
  expect(status).toBe(429)
  expect(Number(retryAfter)).toBeGreaterThan(0)
  expect(JSON.parse(text)).toMatchObject({ statusCode: 429, code: 'TOO_MANY_REQUESTS', error: 'Too Many Requests' })
  expect((await write(app, '127.0.0.2')).status).toBe(404)
  // The page on the same machine has a limit of its own: its browser sends an Origin.
  expect((await write(app, '127.0.0.1', { origin: `http://127.0.0.1:${app.uiPort}` })).status).toBe(404)
  expect((await getJson(app, '/api/connections')).status).toBe(200)
  await (await connectClient(app.port)).read().line()
  vi.setSystemTime(Date.now() + WRITES_MS)
  expect((await write(app, '127.0.0.1')).status).toBe(404)
})

test('silent connections and incomplete requests or upgrades are closed, and the port keeps working', async () => {
  const app = await startServer()
  const halves = [
    '',
    'GET /healthz HTTP/1.1\r\nHost: loc',
    'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n',
  ]
  const flood = halves.flatMap((text) => Array.from({ length: 100 }, () => open(app.uiPort, text)))
  // `close` also comes after an error, here the server's reset.
  const ended = (await Promise.all(flood)).map((socket) => {
    return new Promise((resolve) => (socket.destroyed ? resolve(null) : socket.resume().once('close', resolve)))
  })
  await (await connectClient(app.port)).read().line()
  await Promise.all(ended)
  expect((await getJson(app, '/healthz')).status).toBe(200)
  await openFeed(app.uiPort)
})

test('a request without the token or with a foreign Host is answered and its connection closed, so it occupies no socket', async () => {
  const app = await startServer({ token: 'secret-of-the-test' })
  const asks = [
    'GET /api/listener HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    'POST /api/listener/pause HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n\r\n',
  ]
  for (const [text, status] of asks.map((text, i) => [text, i === 0 ? 401 : 403] as const)) {
    const socket = await open(app.uiPort, text)
    const answer = (await socket.toArray()).join('')
    expect(answer).toContain(`HTTP/1.1 ${status} `)
  }
  // An authorized client keeps its connection.
  const headers = { authorization: 'Bearer secret-of-the-test' }
  const { headers: kept } = await getJson(app, '/api/listener', { headers })
  expect(kept.get('connection')).toBe('keep-alive')
})

test('a thousand WebSockets that disconnect right after opening free their places', async () => {
  const app = await startServer()
  const upgrade = [
    'GET /ws HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '',
    '',
  ].join('\r\n')
  for (let i = 0; i < 1_000; i++) {
    const socket = await open(app.uiPort, upgrade)
    await once(socket, 'data')
    // Without a close frame, the server learns of the end only by the reset.
    socket.resetAndDestroy()
  }
  await openFeed(app.uiPort)
})

test('repeated follow frames do not raise the rate of payload frames', async () => {
  const app = await startServer()
  const client = await connectClient(app.port)
  const feed = await openFeed(app.uiPort)
  await feed.connection('known', (c) => c.remote.port === client.local.port)
  const payloads = () => feed.frames.filter(({ type }) => type === 'payload').length
  // The server runs in this process, so the test decides when its pacing timer fires.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const rounds = 50
  for (let round = 1; round <= rounds; round++) {
    for (let i = 0; i < 100; i++) feed.socket.send(`{"type":"follow","id":${i % 2 === 0 ? 'null' : 1}}`)
    feed.socket.send('{"type":"follow","id":999}')
    await feed.until('the server has read them', ({ errors }) => errors.length === round)
    // The listener process answers in order: a frame asked for above would be here before this.
    await (await fetch(`http://127.0.0.1:${app.uiPort}/api/connections/1/payload`)).arrayBuffer()
  }
  expect(payloads()).toBeLessThanOrEqual(1)
  const afterPause = () => {
    vi.runOnlyPendingTimers()
    return payloads()
  }
  await expect.poll(afterPause).toBeGreaterThan(0)
})

test('frames and pings that a dashboard sends at once are taken one in a turn, so other requests come between', async () => {
  const app = await startServer()
  const { socket } = await openFeed(app.uiPort)
  let [turn, taken, most] = [0, 0, 0]
  const perTurn = new Map<number, number>()
  const count = () => {
    const inTurn = (perTurn.get(turn) ?? 0) + 1
    perTurn.set(turn, inTurn)
    taken++
    most = Math.max(most, inTurn)
  }
  for (const method of ['receive', 'pinged'] as const)
    vi.spyOn(ClientFrames.prototype, method).mockImplementation(count)
  onTestFinished(() => void vi.restoreAllMocks())
  let counting: NodeJS.Immediate
  const next = (): void => {
    turn++
    counting = setImmediate(next)
  }
  next()
  onTestFinished(() => clearImmediate(counting))
  for (let i = 0; i < 500; i++) {
    socket.send('{"type":"follow","id":1}')
    socket.ping('', true)
  }
  await expect.poll(() => taken).toBe(1_000)
  // One before and one after the counter's own place in the turn.
  expect(most).toBeLessThanOrEqual(2)
})

test('unread downloads are limited, and a disconnected reader frees its place', async () => {
  const app = await startServer({ behavior: 'discard', captureBytes: 20_000_000 })
  const feed = await openFeed(app.uiPort)
  const client = await connectClient(app.port)
  // More than the buffers between server and client hold.
  client.socket.write(Buffer.alloc(20_000_000))
  await feed.connection('all came', ({ bytesIn }) => bytesIn === 20_000_000)
  const path = '/api/connections/1/payload'
  const stuck: Socket[] = []
  for (let i = 0; i < 8; i++) {
    const socket = await open(app.uiPort, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await once(socket, 'data')
    stuck.push(socket.pause())
  }
  expect(await getJson(app, path)).toMatchObject({ status: 503, body: { code: 'TOO_MANY_DOWNLOADS' } })
  expect(await getJson(app, '/api/connections/1/events')).toMatchObject({ status: 503 })
  expect(await getJson(app, '/api/connections/1/pcapng')).toMatchObject({ status: 503 })
  stuck[0]?.destroy()
  const events = async () => (await fetch(`http://127.0.0.1:${app.uiPort}/api/connections/1/events`)).status
  await expect.poll(events).toBe(200)
})

test.for([
  ['frames', (feed: Feed) => feed.socket.send('{"type":"follow","id":999999999}')],
  ['pings', (feed: Feed) => feed.socket.ping('x'.repeat(125))],
] as const)('a dashboard that sends requests without reading the answers is disconnected: %s', async ([, ask]) => {
  const app = await startServer()
  const feed = await openFeed(app.uiPort)
  const closed = once(feed.socket, 'close')
  feed.socket.pause()
  // The kernel's buffers hold many thousands of answers.
  while (feed.socket.readyState === feed.socket.OPEN && (await readers(app)) === 1) {
    for (let i = 0; i < 5_000; i++) ask(feed)
    await new Promise((resolve) => feed.socket.ping('', true, resolve))
  }
  feed.socket.resume()
  await closed
  // The server first takes the frames that it has read already.
  await expect.poll(() => readers(app)).toBe(0)
  await openFeed(app.uiPort)
})

test('a built-in client queues only a limited number of unread bytes, and the refusal has the number', async () => {
  const app = await startServer()
  const post = (path: string, body: object): Promise<{ status: number; body: Record<string, unknown> }> =>
    getJson(app, path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const { body: client } = await post('/api/clients', {})
  await post(`/api/connections/${String(client['connectionId'])}/reading`, { paused: true })
  const send = () => post(`/api/clients/${String(client['id'])}/send`, { text: 'x'.repeat(1_000_000) })
  let answer = await send()
  for (let i = 0; i < 100 && answer.status === 200; i++) answer = await send()
  expect(answer).toMatchObject({ status: 409, body: { code: 'SEND_QUEUE_FULL' } })
  expect(answer.body['waiting']).toBeGreaterThan(1_000_000)
})
