import { expect, test } from 'vitest'
import type { Connection } from '../../shared/connection.ts'
import type { Listener } from '../../shared/stream.ts'
import { getJson, startServer } from '../support/app.ts'
import { connectClient, openClient } from '../support/clients.ts'
import { suspend } from '../support/suspend.ts'

type App = Awaited<ReturnType<typeof startServer>>

async function metrics({ uiPort }: App): Promise<string> {
  return (await fetch(`http://127.0.0.1:${uiPort}/metrics`)).text()
}

async function closed(app: App): Promise<number> {
  return (await getJson<{ counters: { closed: number } }>(app, '/api/listener')).body.counters.closed
}

async function connections(app: App, sort = '-problem'): Promise<Connection[]> {
  const { body } = await getJson<{ items: Connection[] }>(app, `/api/connections?sort=${sort}`)
  return body.items
}

test(
  'the sick clients are listed first, counted, and in the metrics; closing ends it',
  { timeout: 60_000 },
  async () => {
    const app = await startServer()
    await connectClient(app.port)
    const stuck = await connectClient(app.port)
    // The echo fills its receive buffer.
    stuck.socket.write(Buffer.alloc(16 << 20))
    await connectClient(app.port)
    await expect
      .poll(async () => (await connections(app))[0])
      .toMatchObject({ remote: stuck.local, problem: { code: 'peer-not-reading', severity: 'critical' } })
    const { body } = await getJson<{ counters: { attention: number } }>(app, '/api/listener')
    expect(body.counters.attention).toBe(1)
    expect(await metrics(app)).toContain('oneport_problems{code="peer-not-reading"} 1')
    stuck.socket.destroy()
    await expect.poll(() => metrics(app)).toContain('oneport_problems{code="peer-not-reading"} 0')
  },
)

test('a client that connects again and again is a problem of the port', async () => {
  const app = await startServer()
  for (let n = 0; n < 10; n++) {
    const client = (await connectClient(app.port, { localAddress: '127.0.0.9' })).read()
    await client.line()
    client.socket.resetAndDestroy()
    // One at a time.
    await expect.poll(() => closed(app)).toBe(n + 1)
  }
  await expect
    .poll(async () => (await getJson<{ problems: unknown[] }>(app, '/api/listener')).body.problems)
    .toMatchObject([{ code: 'reconnecting', evidence: { address: '127.0.0.9', connections: 10 } }])
  expect(await metrics(app)).toContain('oneport_problems{code="reconnecting"} 1')
  expect(await metrics(app)).toContain('oneport_problems{code="not-closed-growing"} 0')
})

test.skipIf(process.platform !== 'linux')(
  'a full accept queue is a problem of the port, unless accepting was stopped on request',
  async () => {
    const app = await startServer({ backlog: 3 })
    const problems = async () => (await getJson<Listener>(app, '/api/listener')).body.problems
    const { pid } = (await getJson<Listener>(app, '/api/listener')).body
    const { resume } = await suspend(pid ?? 0)
    // One more than the limit, as the kernel counts.
    await Promise.all(Array.from({ length: 4 }, () => connectClient(app.port)))
    await expect.poll(problems).toMatchObject([{ code: 'accept-queue-full', evidence: { connections: 4, limit: 3 } }])
    resume()
    await expect.poll(problems).toEqual([])

    await fetch(`http://127.0.0.1:${app.uiPort}/api/listener/pause`, { method: 'POST' })
    await Promise.all(Array.from({ length: 4 }, () => connectClient(app.port)))
    const queue = async () => (await getJson<Listener>(app, '/api/listener')).body.acceptQueue?.length
    await expect.poll(queue).toBe(4)
    expect(await problems()).toEqual([])
  },
)

test('an address that floods the port is a problem of the port', { timeout: 60_000 }, async () => {
  const app = await startServer({ greeting: false })
  const flood = async () => {
    const clients = await Promise.all(
      Array.from({ length: 100 }, () => openClient(app.port, { localAddress: '127.0.0.7' })),
    )
    for (const { socket } of clients) socket.resetAndDestroy()
    return (await getJson<{ problems: unknown[] }>(app, '/api/listener')).body.problems
  }
  await expect
    .poll(flood, { interval: 100, timeout: 40_000 })
    .toMatchObject([{ code: 'flooding', evidence: { address: '127.0.0.7' } }])
})
