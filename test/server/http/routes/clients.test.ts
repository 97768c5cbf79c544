import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Connection } from '../../../../shared/connection.ts'
import type { ClientRecord } from '../../../../shared/client.ts'
import { type Answer, getJson, sharedServer, startServer } from '../../../support/app.ts'

interface Failure {
  code: string
  message: string
}

const server = sharedServer()

async function post<T>(path: string, body: unknown, app = server()): Promise<Answer<T>> {
  const headers = { 'content-type': 'application/json' }
  return getJson<T>(app, path, { method: 'POST', headers, body: JSON.stringify(body) })
}

async function open(from: object, to: object = {}, app = server()): Promise<Answer<ClientRecord & Failure>> {
  return post('/api/clients', { from, to }, app)
}

async function remove(id: number, how: string): Promise<number> {
  const { status } = await fetch(`http://127.0.0.1:${server().uiPort}/api/clients/${id}?how=${how}`, {
    method: 'DELETE',
  })
  return status
}

async function connection(id: number | null): Promise<Connection> {
  return (await getJson<Connection>(server(), `/api/connections/${id}`)).body
}

async function ended(id: number | null): Promise<Connection['close']> {
  await expect.poll(async () => (await connection(id)).close).not.toBeNull()
  return (await connection(id)).close
}

describe('built-in clients', () => {
  test('of two addresses share the client port 50100: two sockets, since the 4-tuples differ', async () => {
    const first = await open({ address: '127.0.0.2', port: 50_100 })
    const second = await open({ address: '127.0.0.3', port: 50_100 })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(first.body.connectionId).not.toBe(second.body.connectionId)
    expect(await connection(first.body.connectionId)).toMatchObject({
      remote: { address: '127.0.0.2', port: 50_100 },
      local: { address: '127.0.0.1', port: server().port },
    })
  })

  test('reach two server addresses from one endpoint, but the same 4-tuple twice is refused with the errno', async () => {
    const from = { address: '127.0.0.4', port: 50_101 }
    expect((await open(from, { address: '127.0.0.1' })).status).toBe(201)
    expect((await open(from, { address: '127.0.0.5' })).status).toBe(201)
    expect(await open(from, { address: '127.0.0.1' })).toMatchObject({ status: 409, body: { code: 'EADDRNOTAVAIL' } })
  })

  for (const [how, close] of [
    ['fin', { by: 'peer', how: 'fin' }],
    ['half', { by: 'peer', how: 'fin' }],
    ['reset', { by: 'peer', how: 'reset' }],
  ] as const) {
    test(`leave by ${how}, which the server sees`, async () => {
      const { body } = await open({})
      expect(await remove(body.id, how)).toBe(204)
      expect(await ended(body.connectionId)).toMatchObject(close)
    })
  }

  test('send text, hex and base64', async () => {
    const { body } = await open({})
    for (const data of [{ text: 'ab' }, { hex: '6162' }, { base64: 'YWI=' }]) {
      expect((await post(`/api/clients/${body.id}/send`, data)).body).toEqual({ bytes: 2 })
    }
    await expect.poll(async () => (await connection(body.connectionId)).bytesIn).toBe(6)
    const { body: list } = await getJson<ClientRecord[]>(server(), '/api/clients')
    expect(list.find(({ id }) => id === body.id)).toMatchObject({ bytesOut: 6, local: body.local })
  })

  test('that have sent FIN cannot send, and a try does not close them', async () => {
    const app = await startServer({ behavior: 'silent', greeting: false })
    const { body } = await open({}, {}, app)
    await fetch(`http://127.0.0.1:${app.uiPort}/api/clients/${body.id}?how=half`, { method: 'DELETE' })
    const sent = await post<Failure>(`/api/clients/${body.id}/send`, { text: 'x' }, app)
    expect(sent).toMatchObject({ status: 409, body: { code: 'FIN_SENT' } })
    expect((await getJson<ClientRecord[]>(app, '/api/clients')).body.map(({ id }) => id)).toEqual([body.id])
  })

  test('of an IPv4 address mapped into IPv6 are IPv4 clients', async () => {
    const { status, body } = await open({ address: '::ffff:127.0.0.2' }, { address: '::ffff:127.0.0.1' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ local: { address: '127.0.0.2' }, remote: { address: '127.0.0.1' } })
  })

  test('that never read let the queues fill', async () => {
    const { body } = await post<ClientRecord>('/api/clients', { reading: false })
    await post(`/api/clients/${body.id}/send`, { text: 'x'.repeat(900_000) })
    expect(body.reading).toBe(false)
    expect(
      (await getJson<ClientRecord[]>(server(), '/api/clients')).body.find(({ id }) => id === body.id)?.bytesIn,
    ).toBe(0)
  })
})

test('built-in clients take addresses in any spelling', async () => {
  const { body } = await open({ address: '::FFFF:7f00:8' }, { address: '::ffff:127.0.0.1' })
  expect(body).toMatchObject({ local: { address: '127.0.0.8' }, remote: { address: '127.0.0.1' } })
})

describe('bad input: built-in clients', () => {
  for (const [title, from, to, status, code] of [
    ['from a privileged port that is the port of nobody', { address: '8.8.8.8' }, {}, 409, 'EADDRNOTAVAIL'],
    ['from something that is no address', { address: 'localhost' }, {}, 400, 'INVALID'],
    ['from IPv6 to IPv4', { address: '::1' }, { address: '127.0.0.1' }, 400, 'INVALID'],
    ['to an address of another machine', {}, { address: '192.0.2.7' }, 400, 'NOT_THIS_LISTENER'],
    ['from a multicast address', { address: '224.0.0.1' }, {}, 409, 'EADDRNOTAVAIL'],
    ['from the broadcast address', { address: '255.255.255.255' }, {}, 409, 'EADDRNOTAVAIL'],
    ['from port 65536', { port: 65_536 }, {}, 400, 'INVALID'],
    ['from port -1', { port: -1 }, {}, 400, 'INVALID'],
  ] as const) {
    test(`${title} are refused with ${code}`, async () => {
      const answer = await open(from, to)
      expect([answer.status, answer.body.code]).toEqual([status, code])
    })
  }

  test('from port 0 get any free one', async () => {
    const { body } = await open({ address: '127.0.0.6', port: 0 })
    expect(body.local.port).toBeGreaterThan(0)
  })

  test('from a port on which somebody listens are refused with EADDRINUSE', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.7', resolve))
    onTestFinished(() => void other.close())
    const address = other.address()
    const port = typeof address === 'object' ? address?.port : 0
    expect(await open({ address: '127.0.0.7', port })).toMatchObject({ status: 409, body: { code: 'EADDRINUSE' } })
  })

  test('that have closed get 404', async () => {
    expect(await post('/api/clients/999999/send', { text: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'CLIENT_NOT_FOUND' },
    })
    expect(await remove(999_999, 'fin')).toBe(404)
  })

  test('beyond 1,000 are refused in words', async () => {
    const app = await startServer()
    const answers: Answer<ClientRecord & Failure>[] = []
    while (answers.length < 1_000) {
      answers.push(...(await Promise.all(Array.from({ length: 50 }, () => open({}, {}, app)))))
    }
    expect(answers.every(({ status }) => status === 201)).toBe(true)
    const { status, body } = await open({}, {}, app)
    expect([status, body.code]).toEqual([409, 'TOO_MANY_CLIENTS'])
    expect(body.message).toContain('1000')
  })
})

describe('bad input: a lookup', () => {
  for (const [title, query, code] of [
    ['of a name', 'remote=localhost:1&local=127.0.0.1:8080', 'INVALID'],
    ['of a range', 'remote=127.0.0.0/8:1&local=127.0.0.1:8080', 'INVALID'],
    ['without a port', 'remote=127.0.0.1&local=127.0.0.1:8080', 'INVALID'],
    ['of port 65536', 'remote=127.0.0.1:65536&local=127.0.0.1:8080', 'INVALID'],
    ['of 999.1.1.1', 'remote=999.1.1.1:1&local=127.0.0.1:8080', 'INVALID'],
    ['of two families', 'remote=[::1]:1&local=127.0.0.1:8080', 'INVALID'],
    ['without remote', 'local=127.0.0.1:8080', 'INVALID'],
    ['with another word for SYN', 'remote=127.0.0.1:1&local=127.0.0.1:8080&syn=perhaps', 'INVALID'],
    ['to an address that is not local', 'remote=127.0.0.1:1&local=192.0.2.7:8080', 'ADDRESS_NOT_LOCAL'],
  ]) {
    test(`${title} is answered with 400 ${code}`, async () => {
      expect(await getJson(server(), `/api/lookup?${query}`)).toMatchObject({ status: 400, body: { code } })
    })
  }

  test('that is well formed says where the packet goes, step by step', async () => {
    const { body } = await open({ address: '127.0.0.8' })
    const local = `127.0.0.1:${server().port}`
    const answer = await getJson(server(), `/api/lookup?remote=127.0.0.8:${body.local.port}&local=${local}`)
    expect(answer.body).toMatchObject({
      verdict: 'connected',
      connectionId: body.connectionId,
      steps: [{ step: 'tuple' }],
    })
    // As ss(8) writes the endpoints of a dual-stack socket.
    const mapped = `remote=[::ffff:127.0.0.8]:${body.local.port}&local=[::FFFF:7f00:1]:${server().port}`
    expect((await getJson(server(), `/api/lookup?${mapped}`)).body).toEqual(answer.body)
    const other = await getJson(server(), `/api/lookup?remote=127.0.0.8:1&local=${local}&syn=false`)
    expect(other.body).toMatchObject({ verdict: 'reset', connectionId: null })
  })
})
