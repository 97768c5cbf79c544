import { describe, expect, test } from 'vitest'
import type { Action } from '../../../../shared/action.ts'
import type { Connection } from '../../../../shared/connection.ts'
import { type Answer, getJson, sharedServer, startServer } from '../../../support/app.ts'
import { type Client, connectClient, connectClients, connectInOrder } from '../../../support/clients.ts'
import { openFeed } from '../../../support/feed.ts'

type Body = Record<string, unknown> & { code?: string; message?: string }

const server = sharedServer({ behavior: 'silent', greeting: false })

async function post<T = Body>(path: string, body: unknown, app = server()): Promise<Answer<T>> {
  const headers = { 'content-type': 'application/json' }
  return getJson<T>(app, `/api/connections${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function connect(): Promise<{ client: Client; id: number }> {
  const feed = await openFeed(server().uiPort)
  const client = await connectClient(server().port)
  const { id } = await feed.connection('accepted', (c) => c.remote.port === client.local.port)
  feed.close()
  return { client, id }
}

const record = async (id: number, app = server()) => (await getJson<Connection>(app, `/api/connections/${id}`)).body

describe('what is sent to a connection', () => {
  test.for([
    ['text', { text: 'ab\n' }, '61620a'],
    ['text of two bytes a letter', { text: 'щ' }, 'd189'],
    ['hex', { hex: '00 ff\n80' }, '00ff80'],
    ['base64', { base64: 'AP+A' }, '00ff80'],
  ] as const)('as %s reaches its client byte for byte', async ([, body, expected]) => {
    const { client, id } = await connect()
    const bytes = expected.length / 2
    expect(await post(`/${id}/send`, body)).toMatchObject({ status: 200, body: { bytes, waiting: 0 } })
    expect((await client.read().bytes(bytes)).toString('hex')).toBe(expected)
  })

  test('is kept in its record, with what the kernel said right after', async () => {
    const { id } = await connect()
    await post(`/${id}/send`, { text: 'hello' })
    const { actions } = await record(id)
    expect(actions).toEqual([
      {
        at: expect.any(Number) as number,
        kind: 'send',
        bytes: 5,
        waiting: 0,
        behavior: null,
        code: null,
        kernel: { tcpState: 'ESTABLISHED', recvQueue: 0, sendQueue: expect.any(Number) as number },
      },
    ])
  })

  test('is queued for a client that does not read, and refused when too much is queued', async () => {
    const { id } = await connect()
    const text = 'x'.repeat(1_000_000)
    let answer = await post(`/${id}/send`, { text })
    // The kernel's buffers fill before anything waits in the server.
    while (answer.status === 200) answer = await post(`/${id}/send`, { text })
    expect(answer).toMatchObject({ status: 409, body: { code: 'SEND_QUEUE_FULL' } })
    expect(answer.body['waiting']).toBeGreaterThan(0)
    expect((await record(id)).actions.at(-1)).toMatchObject({ kind: 'send', code: 'SEND_QUEUE_FULL' })
    expect((await record(id)).actions.at(-1)?.kernel?.sendQueue).toBeGreaterThan(0)
  })
})

describe('closing a connection', () => {
  test('by fin: the client reads the end, and the kernel says how far the close has come', async () => {
    const { client, id } = await connect()
    const { status, body } = await post<Action>(`/${id}/close`, { how: 'fin' })
    expect([status, body.kind, body.code]).toEqual([200, 'fin', null])
    expect(['FIN_WAIT_1', 'FIN_WAIT_2', 'TIME_WAIT']).toContain(body.kernel?.tcpState)
    expect(await client.read().ended).toBe('fin')
  })

  test('by half: the client reads the end and may keep sending; another send is refused', async () => {
    const { client, id } = await connect()
    const { body } = await post<Action>(`/${id}/close`, { how: 'half' })
    // The client's kernel may be slow to acknowledge.
    expect(['FIN_WAIT_1', 'FIN_WAIT_2']).toContain(body.kernel?.tcpState)
    expect(await client.read().ended).toBe('fin')
    client.socket.write('still here')
    await expect.poll(async () => (await record(id)).bytesIn).toBe(10)
    expect(await record(id)).toMatchObject({ close: null, finSentAt: expect.any(Number) as number })
    expect(await post(`/${id}/send`, { text: 'x' })).toMatchObject({ status: 409, body: { code: 'FIN_SENT' } })
    expect(await post(`/${id}/close`, { how: 'half' })).toMatchObject({ status: 409, body: { code: 'FIN_SENT' } })
  })

  test('by reset: the client gets ECONNRESET, and the kernel no longer has the socket', async () => {
    const { client, id } = await connect()
    client.read()
    const { body } = await post<Action>(`/${id}/close`, { how: 'reset' })
    expect(body).toMatchObject({ kind: 'reset', code: null, kernel: null, gone: true, behavior: null })
    expect(await client.ended).toBe('ECONNRESET')
    await expect.poll(async () => (await record(id)).close).toMatchObject({ by: 'server', how: 'reset' })
  })

  test('twice is refused the second time, and both are kept', async () => {
    const { id } = await connect()
    await post(`/${id}/close`, { how: 'reset' })
    expect(await post(`/${id}/close`, { how: 'fin' })).toMatchObject({
      status: 409,
      body: { code: 'CONNECTION_CLOSED' },
    })
    expect((await record(id)).actions.map(({ kind, code }) => [kind, code])).toEqual([
      ['reset', null],
      ['fin', 'CONNECTION_CLOSED'],
    ])
  })
})

test.skipIf(process.platform !== 'linux')(
  'after an action the kernel is asked again, long before the next regular sample, which a crowd has once a second',
  async () => {
    const app = await startServer({ behavior: 'silent', greeting: false })
    const feed = await openFeed(app.uiPort)
    await connectClients(500, app.port)
    /** Milliseconds from the half-close until the sample that found our FIN acknowledged. */
    const acknowledgedAfter = async (): Promise<number> => {
      const client = await connectClient(app.port)
      const { id } = await feed.connection('accepted', (c) => c.remote.port === client.local.port)
      // Our FIN waits behind bytes that the client reads only after the answer, with its own kernel's sample, has come.
      await post(`/${id}/send`, { text: 'x'.repeat(1_000_000) }, app)
      const { body } = await post<Action>(`/${id}/close`, { how: 'half' }, app)
      expect(['ESTABLISHED', 'FIN_WAIT_1']).toContain(body.kernel?.tcpState)
      client.read()
      const { kernel } = await feed.connection('half-closed', (c) => c.id === id && c.kernel?.tcpState === 'FIN_WAIT_2')
      return (kernel?.sampledAt ?? 0) - body.at
    }
    // On a busy machine the client may read its bytes too late for the last of these samples.
    await expect.poll(acknowledgedAfter, { timeout: 40_000 }).toBeLessThan(900)
  },
)

test('a connection from which nothing is read fills its receive queue, and is read on after', async () => {
  const { client, id } = await connect()
  expect((await post<Action>(`/${id}/reading`, { paused: true })).body).toMatchObject({ kind: 'pause-reading' })
  client.socket.write(Buffer.alloc(5_000))
  // Every action samples the kernel's queues.
  const sampled = async () => (await post<Action>(`/${id}/reading`, { paused: true })).body.kernel?.recvQueue
  await expect.poll(sampled).toBe(5_000)
  await expect.poll(() => record(id)).toMatchObject({ readingPaused: true, bytesIn: 0 })
  await post(`/${id}/reading`, { paused: false })
  await expect.poll(() => record(id)).toMatchObject({ readingPaused: false, bytesIn: 5_000 })
})

describe('many at once', () => {
  test('are closed by their ids, each only once; those that cannot be are named', async () => {
    const app = await startServer()
    const feed = await openFeed(app.uiPort)
    const clients = await connectInOrder(4, app.port)
    await feed.until('all are live', ({ table }) => table.live.size === 4)
    await post('/4/close', { how: 'reset' }, app)
    const { body } = await post('/close', { ids: [1, 2, 2, 4, 99], how: 'fin' }, app)
    const refused = [
      { id: 4, code: 'CONNECTION_CLOSED' },
      { id: 99, code: 'CONNECTION_NOT_FOUND' },
    ]
    expect(body).toEqual({ closed: 2, refused })
    expect(await Promise.all([clients[0]?.ended, clients[1]?.ended])).toEqual(['fin', 'fin'])
    expect(await record(3, app)).toMatchObject({ state: 'open', actions: [] })
  })

  test('are sent to and closed, all that live, in one request each', async () => {
    const app = await startServer({ greeting: false, behavior: 'discard' })
    const feed = await openFeed(app.uiPort)
    const clients = await Promise.all(Array.from({ length: 300 }, async () => (await connectClient(app.port)).read()))
    await feed.until('all are live', ({ table }) => table.live.size === clients.length)
    expect((await post('/send', { all: true, text: 'hi' }, app)).body).toEqual({ sent: 300, bytes: 2, refused: [] })
    for (const client of clients) expect((await client.bytes(2)).toString()).toBe('hi')
    expect((await post('/close', { all: true, how: 'reset' }, app)).body).toEqual({ closed: 300, refused: [] })
    await feed.until('none is live', ({ table }) => table.live.size === 0)
    for (const { close, actions } of feed.table.closed.values()) {
      expect(close).toMatchObject({ by: 'server', how: 'reset' })
      expect(actions.map(({ kind }) => kind)).toEqual(['send', 'reset'])
    }
  })
})

test('each action is sent once on /ws and once in /api/events', async () => {
  const { id } = await connect()
  const feed = await openFeed(server().uiPort)
  const told = () =>
    feed.frames
      .flatMap((frame) => (frame.type === 'changes' ? frame.changes : []))
      .filter(({ kind }) => kind === 'action')
  await post(`/${id}/send`, { text: 'x' })
  await post(`/${id}/close`, { how: 'reset' })
  await feed.until('both came', () => told().length >= 2)
  await feed.connection('closed', (c) => c.id === id && c.close)
  expect(told()).toMatchObject([
    { id, action: { kind: 'send', bytes: 1 } },
    { id, action: { kind: 'reset' } },
  ])
})

test('while the listener process restarts, actions get LISTENER_DOWN; then its connections are closed', async () => {
  const app = await startServer()
  const feed = await openFeed(app.uiPort)
  const client = await connectClient(app.port)
  await feed.connection('known', (c) => c.remote.port === client.local.port)
  process.kill(feed.listener?.pid ?? 0, 'SIGKILL')
  // All at once, because the next one starts soon.
  const asks = [
    post('/1/send', { text: 'x' }, app),
    post('/close', { all: true, how: 'fin' }, app),
    getJson(app, '/api/connections/1/payload'),
  ]
  const down = { status: 503, body: { statusCode: 503, code: 'LISTENER_DOWN', error: 'Service Unavailable' } }
  for (const answer of await Promise.all(asks)) expect(answer).toMatchObject(down)

  await feed.until('the next one accepts', ({ listener }) => listener?.state === 'accepting' && listener.restarts === 1)
  expect(await post('/1/send', { text: 'x' }, app)).toMatchObject({ status: 409, body: { code: 'CONNECTION_CLOSED' } })
  const { status, headers } = await fetch(`http://127.0.0.1:${app.uiPort}/api/connections/1/payload?direction=out`)
  expect([status, headers.get('content-length')]).toEqual([200, '0'])
  // The captured bytes died with the process; the record keeps their number.
  expect(Number(headers.get('oneport-payload-offset'))).toBe((await record(1, app)).bytesOut)
})
