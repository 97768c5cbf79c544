import { describe, expect, test } from 'vitest'
import type { Connection } from '../../../shared/connection.ts'
import type { Crowd } from '../../../shared/crowd.ts'
import { type Answer, getJson, sharedServer, startServer } from '../../support/app.ts'
import { findNamespaces, inNamespace } from '../../support/namespace.ts'
import { isMissing, longTime, titleWith } from '../../tools.ts'

type Failure = Record<'code' | 'message', string>
type App = Parameters<typeof getJson>[0]

function open(app: App, count: number, key?: string): Promise<Answer<Crowd & Failure>> {
  const headers = { 'content-type': 'application/json' }
  return getJson(app, '/api/crowd', { method: 'POST', headers, body: JSON.stringify({ count, key }) })
}

async function close(app: App, key = ''): Promise<void> {
  const query = key === '' ? '' : `?key=${key}`
  await fetch(`http://127.0.0.1:${app.uiPort}/api/crowd${query}`, { method: 'DELETE' })
}

async function list(app: App, state: string): Promise<Connection[]> {
  return (await getJson<{ items: Connection[] }>(app, `/api/connections?limit=50000&state=${state}`)).body.items
}

interface InNamespace {
  maxConnections: number
  crowd: Crowd
  again: Failure
  other: { local: { address: string } }
  second: Failure
  kernel: { agreement: object }
  listed: number
  ports: number
  tuples: number
  inKernel: number
  ended: string[]
}

const namespaces = findNamespaces()
describe.skipIf(isMissing(namespaces, longTime))(titleWith('to one port', namespaces, longTime), () => {
  test('as many clients connect as descriptors allow, far more than there are client ports; only each address has its limit', async () => {
    const { maxConnections, crowd, again, other, second, kernel, ...rest } = await inNamespace<InNamespace>(
      'crowd.ts',
      [],
    )
    expect(crowd.size).toBe(Math.min(66_000, maxConnections - 100))
    const { first, last, limited } = crowd.ports
    const each = last - first + 1
    // The kernel's own refusal, by its own ports: nothing was limited for this.
    expect(limited).toBe(false)
    const full = crowd.addresses.slice(0, -1)
    expect(full.length).toBeGreaterThan(1)
    // Some ports may be another program's, but this namespace has none.
    for (const one of full) expect(one).toMatchObject({ size: each, refused: 'EADDRNOTAVAIL' })
    expect(crowd.addresses.at(-1)).toMatchObject({ refused: null })
    expect(again.code).toMatch(/^EADDR(NOTAVAIL|INUSE)$/)
    expect(other.local.address).toBe('127.2.0.1')
    expect(second.code).toBe('CROWD_OPEN')

    const all = crowd.size + 1
    expect(kernel.agreement).toEqual({ both: all, onlyServer: 0, onlyKernel: 0, differing: 0 })
    // The list has 50,000 at most.
    const listed = Math.min(all, 50_000)
    expect(rest).toMatchObject({ listed, tuples: listed, inKernel: listed, ended: ['peer fin '] })
    expect(rest.ports).toBeLessThanOrEqual(each + 1)
  }, 90_000)
})

describe.skipIf(process.platform !== 'linux')('a crowd', () => {
  const server = sharedServer()

  test('that is smaller than the ports of one address has fewer ports, so that an address is used up', async () => {
    const { status, body } = await open(server(), 300)
    expect(status).toBe(201)
    expect(body).toMatchObject({ size: 300, ports: { limited: true }, room: null })
    const { first, last } = body.ports
    expect(last - first + 1).toBe(100)
    expect(body.addresses[0]).toMatchObject({ address: '127.1.1.1', refused: 'EADDRNOTAVAIL' })
    expect(body.addresses.length).toBeGreaterThanOrEqual(3)
    const rows = await list(server(), 'live')
    expect(rows.every(({ remote }) => remote.port >= first && remote.port <= last)).toBe(true)

    expect((await open(server(), 300)).body).toMatchObject({ code: 'CROWD_OPEN' })
    await close(server())
    // A new one waits until the old one is gone.
    expect((await open(server(), 60)).body).toMatchObject({ size: 60 })
    await close(server())
    await expect.poll(() => list(server(), 'live')).toEqual([])
    const ends = (await list(server(), 'closed')).map(({ close }) => [close?.by, close?.how, close?.reset])
    expect(ends).toHaveLength(360)
    // By FIN, although nobody has read the greetings.
    expect(new Set(ends.map(String))).toEqual(new Set(['peer,fin,']))
  })

  test('leaves the ports of its addresses to connections with another address of the server', async () => {
    const app = await startServer()
    await open(app, 60)
    const [row] = await list(app, 'live')
    const headers = { 'content-type': 'application/json' }
    const connect = (address: string) =>
      getJson(app, '/api/clients', {
        ...{ method: 'POST', headers, body: JSON.stringify({ from: row?.remote, to: { address } }) },
      })
    expect(await connect('127.0.0.1')).toMatchObject({ status: 409, body: { code: 'EADDRNOTAVAIL' } })
    expect(await connect('127.0.0.2')).toMatchObject({ status: 201, body: { local: row?.remote } })
    await close(app)
  })

  test('is no flood: it was asked for', async () => {
    await open(server(), 3_000)
    const { problems } = (await getJson<{ problems: object[] }>(server(), '/api/listener')).body
    await close(server())
    expect(problems).toEqual([])
  })

  test('does not connect while the server does not accept', async () => {
    const app = await startServer()
    await fetch(`http://127.0.0.1:${app.uiPort}/api/listener/pause`, { method: 'POST' })
    expect(await open(app, 300)).toMatchObject({ status: 409, body: { code: 'NOT_ACCEPTING' } })
  })

  test('leaves room for others, and is refused where there is none', async () => {
    const app = await startServer({ maxConnections: 200 })
    expect((await open(app, 66_000)).body).toMatchObject({ size: 100, room: 100 })
    await close(app)
    const small = await startServer({ maxConnections: 110 })
    expect(await open(small, 66_000)).toMatchObject({ status: 409, body: { code: 'NO_ROOM' } })
  })

  test('needs an IPv4 address of the server', async () => {
    const app = await startServer({ host: '::1' })
    expect(await open(app, 300)).toMatchObject({ status: 400, body: { code: 'NOT_THIS_LISTENER' } })
  })

  test('closed while it is on its way ends, however often, and says so', async () => {
    const app = await startServer()
    for (let after = 0; after < 160; after += 20) {
      const opening = open(app, 2_000)
      await new Promise((resolve) => setTimeout(resolve, after))
      await close(app)
      const { status, body } = await opening
      // It may have been quicker.
      if (status !== 201) expect(body.code).toBe('CROWD_ENDED')
    }
    await expect.poll(() => list(app, 'live')).toEqual([])
    expect((await getJson<{ problems: object[] }>(app, '/api/listener')).body.problems).toEqual([])
  })

  test('with a key is not closed by another key, not even while it waits for the one before', async () => {
    const app = await startServer()
    await open(app, 60, 'mine')
    expect((await open(app, 60, 'yours')).body.code).toBe('CROWD_OPEN')
    await close(app, 'yours')
    expect(await list(app, 'live')).toHaveLength(60)
    await close(app, 'mine')
    const next = open(app, 60, 'next')
    await close(app, 'yours')
    expect((await next).body.size).toBe(60)
    await close(app)
    await expect.poll(() => list(app, 'live')).toEqual([])
  })

  test('of a silent server, which answers no FIN, is closed by the server', async () => {
    const app = await startServer({ behavior: 'silent' })
    await open(app, 60)
    await close(app)
    await expect.poll(() => list(app, 'live')).toEqual([])
  })

  test('does not connect to a server that sends without end, and leaves when it begins to', async () => {
    const app = await startServer()
    await open(app, 60)
    const behavior = (behavior: string) =>
      fetch(`http://127.0.0.1:${app.uiPort}/api/listener/behavior`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ behavior }) },
      })
    await behavior('chargen')
    await expect.poll(() => list(app, 'live')).toEqual([])
    expect(await open(app, 60)).toMatchObject({ status: 409, body: { code: 'CROWD_FLOODED' } })
  })

  test('the answer comes when all clients of the crowd are accepted, also while others connect', async () => {
    const app = await startServer()
    let going = true
    const others = async () => {
      for (; going;)
        await getJson(app, '/api/clients', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{}',
        })
    }
    const done = others()
    const { body } = await open(app, 900)
    going = false
    await done
    expect(body.size).toBe(900)
    expect(body.addresses.every(({ size }) => size > 0)).toBe(true)
  })

  test('ends with the server', async () => {
    const app = await startServer()
    expect((await open(app, 300)).status).toBe(201)
    await app.stop(0)
  })
})
