import { beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { Connection } from '../../../../shared/connection.ts'
import type { Listener } from '../../../../shared/stream.ts'
import { getJson, sharedServer, startServer } from '../../../support/app.ts'
import { type Client, connectClient, connectClients, openClient } from '../../../support/clients.ts'
import { Feed, openFeed } from '../../../support/feed.ts'

interface List {
  total: number
  items: Connection[]
}

const server = sharedServer({ greeting: false })

/** Four clients that sent 10, 20, 30 and 40 bytes; the second has disconnected. */
function withClients(): void {
  beforeAll(async () => {
    const feed = new Feed(new WebSocket(`ws://localhost:${server().uiPort}/ws`))
    const clients: Client[] = []
    for (const [i, localAddress] of ['127.0.0.9', '127.0.0.100', '127.0.0.20', '127.0.0.1'].entries()) {
      const client = await openClient(server().port, { localAddress })
      clients.push(client.read())
      client.socket.write(Buffer.alloc(10 * (i + 1)))
      await feed.connection('echoed', (c) => c.id === i + 1 && c.bytesOut === 10 * (i + 1))
      if (i === 1) {
        client.socket.end()
        await feed.closedOf(client.local.port)
      }
    }
    feed.close()
    return () => clients.forEach(({ socket }) => socket.destroy())
  })
}

const list = async (query: string): Promise<List> => (await getJson<List>(server(), `/api/connections?${query}`)).body
const ids = async (query: string): Promise<number[]> => (await list(query)).items.map(({ id }) => id)

test('/api/listener describes the listening socket', async () => {
  const server = await startServer()
  const { status, headers, body } = await getJson<Listener>(server, '/api/listener')
  expect(status).toBe(200)
  expect(headers.get('content-type')).toMatch(/^application\/json/)
  expect(body).toMatchObject({
    local: { address: '::', port: server.port },
    family: 6,
    dualStack: true,
    state: 'accepting',
    fault: null,
    behavior: 'echo',
    greeting: true,
    greetingLanguage: 'en',
    restarts: 0,
    backlog: 511,
    counters: { accepted: 0, live: 0, closed: 0, resets: 0, attention: 0, refused: 0, bytesIn: 0, bytesOut: 0 },
  })
  for (const key of ['pid', 'fd', 'since', 'maxConnections'] as const) expect(body[key]).toBeGreaterThan(0)
})

describe.skipIf(process.platform !== 'linux')('the accept queue of the kernel', () => {
  test('is in /api/listener and in hello, and a listener frame tells when it changes', async () => {
    const server = await startServer({ backlog: 7 })
    const feed = await openFeed(server.uiPort)
    await fetch(`http://127.0.0.1:${server.uiPort}/api/listener/pause`, { method: 'POST' })
    const before = (await getJson<Listener>(server, '/api/listener')).body
    expect(before.acceptQueue).toEqual({ length: 0, limit: 7 })
    await connectClients(2, server.port)
    expect((await getJson<Listener>(server, '/api/listener')).body.acceptQueue).toEqual({ length: 2, limit: 7 })
    await feed.until('the queue has two', ({ listener }) => listener?.acceptQueue?.length === 2)
    expect((await openFeed(server.uiPort)).listener?.acceptQueue).toEqual({ length: 2, limit: 7 })
  })
})

test('/healthz answers ok while the port accepts', async () => {
  const server = await startServer()
  expect(await getJson(server, '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
})

describe('with four clients, of which one has left', () => {
  withClients()

  test('/api/connections lists the live ones, the closed ones or both, newest first', async () => {
    expect(await ids('')).toEqual([4, 3, 1])
    expect(await ids('state=live')).toEqual([4, 3, 1])
    expect(await ids('state=closed')).toEqual([2])
    expect(await ids('state=any')).toEqual([4, 3, 2, 1])
    const { items } = await list('state=any&sort=id')
    expect(items[0]).toMatchObject({
      id: 1,
      family: 4,
      local: { address: '127.0.0.1', port: server().port },
      remote: { address: '127.0.0.9' },
      state: 'open',
      bytesIn: 10,
      bytesOut: 10,
      chunksIn: 1,
      chunksOut: 1,
      halfClosedAt: null,
      close: null,
    })
    expect(items[1]).toMatchObject({
      id: 2,
      state: 'closed',
      fd: null,
      close: { by: 'peer', how: 'fin', reset: null, code: null },
    })
  })

  test('/api/connections sorts by any field, up and down, addresses by number', async () => {
    expect(await ids('state=any&sort=bytesIn')).toEqual([1, 2, 3, 4])
    expect(await ids('state=any&sort=-bytesIn')).toEqual([4, 3, 2, 1])
    expect(await ids('state=any&sort=remote')).toEqual([4, 1, 3, 2])
    expect(await ids('state=any&sort=-remote')).toEqual([2, 3, 1, 4])
    expect(await ids('state=any&sort=state')).toEqual([2, 1, 3, 4])
    for (const field of ['local', 'fd', 'pid', 'openedAt', 'lastActivityAt', 'close', 'family', 'chunksOut']) {
      expect(await ids(`state=any&sort=${field}`), field).toHaveLength(4)
    }
  })

  test('/api/connections gives a page of the list and the total of all pages', async () => {
    expect(await ids('state=any&limit=2')).toEqual([4, 3])
    expect(await ids('state=any&limit=2&offset=2')).toEqual([2, 1])
    expect(await list('state=any&limit=0')).toEqual({ total: 4, items: [] })
    expect(await list('state=any&offset=100')).toEqual({ total: 4, items: [] })
  })

  test('/api/connections/:id is one connection, live or closed', async () => {
    const [live] = (await list('state=live')).items
    // The kernel is sampled repeatedly during these requests.
    const { kernel: _kernel, sampledStates: _states, otherEnd: _otherEnd, ...facts } = live ?? {}
    expect((await getJson(server(), '/api/connections/4')).body).toMatchObject(facts)
    expect((await getJson(server(), '/api/connections/2')).body).toMatchObject({ id: 2, state: 'closed' })
  })
})

test.for([
  'state=open',
  'limit=-1',
  'limit=x',
  'limit=50001',
  'offset=-1',
  'sort=color',
  'sort=--id',
  'sort=constructor',
])('/api/connections?%s is refused in the common shape', async (query) => {
  expect(await getJson(server(), `/api/connections?${query}`)).toMatchObject({
    status: 400,
    body: { statusCode: 400, code: 'INVALID', error: 'Bad Request', message: expect.any(String) as string },
  })
})

test.for([
  ['GET', '/api/connections/999', 404, 'CONNECTION_NOT_FOUND'],
  ['GET', '/api/connections/x', 400, 'INVALID'],
  ['GET', '/api/connections/-1', 400, 'INVALID'],
  ['GET', '/api/nothing', 404, 'NOT_FOUND'],
  ['POST', '/api/connections', 404, 'NOT_FOUND'],
  ['DELETE', '/healthz', 404, 'NOT_FOUND'],
  ['GET', '/ws', 426, 'UPGRADE_REQUIRED'],
] as const)('%s %s is %i %s in the common shape', async ([method, path, status, code]) => {
  const answer = await getJson<{ statusCode: number; code: string; error: string; message: string }>(server(), path, {
    method,
  })
  expect(answer).toMatchObject({ status, body: { statusCode: status, code } })
  expect(Object.keys(answer.body).toSorted()).toEqual(['code', 'error', 'message', 'statusCode'])
  expect(answer.headers.get('x-content-type-options'), 'the safe headers are on errors too').toBe('nosniff')
})

test('at most the configured number of closed connections is kept', async () => {
  const server = await startServer({ closedKept: 2 })
  const feed = await openFeed(server.uiPort)
  for (let i = 0; i < 4; i++) {
    const client = (await connectClient(server.port)).read()
    client.socket.end()
    await feed.closedOf(client.local.port)
  }
  const { body } = await getJson<List>(server, '/api/connections?state=closed')
  expect(body.items.map(({ id }) => id)).toEqual([4, 3])
  const { body: listener } = await getJson<Listener>(server, '/api/listener')
  expect(listener.counters).toMatchObject({ accepted: 4, live: 0, closed: 4 })
})
