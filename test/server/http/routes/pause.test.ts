import { expect, test } from 'vitest'
import type { Listener } from '../../../../shared/stream.ts'
import { getJson, startServer } from '../../../support/app.ts'
import { connectClient } from '../../../support/clients.ts'
import { openFeed } from '../../../support/feed.ts'

const linux = process.platform === 'linux'

function pause(app: { uiPort: number }, body?: unknown) {
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? {} : { headers, body: JSON.stringify(body) }
  return getJson<Listener>(app, '/api/listener/pause', { method: 'POST', ...init })
}

test.skipIf(!linux)(
  'accepting that was stopped by a lease resumes by itself, and waiting clients are served',
  async () => {
    const app = await startServer()
    const feed = await openFeed(app.uiPort)
    const before = Date.now()
    const { status, body } = await pause(app, { leaseMs: 1_000 })
    expect([status, body.state]).toEqual([200, 'paused'])
    // The server's clock may be a little off the system's.
    expect(Math.abs((body.pausedUntil ?? 0) - before - 1_000)).toBeLessThan(900)
    const client = (await connectClient(app.port)).read()
    await feed.until('the dashboard knows', ({ listener }) => listener?.pausedUntil === body.pausedUntil)
    await client.line()
    // The greeting may reach the client before the frame reaches the dashboard.
    await feed.until('the dashboard knows that it accepts again', ({ listener }) => listener?.state === 'accepting')
    expect(feed.listener?.pausedUntil).toBe(null)
  },
)

test.skipIf(!linux)(
  'a request without a lease, with an empty body or none, stops it until somebody resumes',
  async () => {
    const app = await startServer()
    await pause(app, { leaseMs: 3_600_000 })
    expect((await pause(app, {})).body).toMatchObject({ state: 'paused', pausedUntil: null })
    await getJson(app, '/api/listener/resume', { method: 'POST' })
    await pause(app)
    expect((await pause(app, { leaseMs: 1_000 })).body).toMatchObject({ state: 'paused', pausedUntil: null })
  },
)

test('a lease that is too short, too long or none is invalid, and nothing stops', async () => {
  const app = await startServer()
  for (const leaseMs of [999, 0, -1, 3_600_001, 1.5, '15000', null, Infinity]) {
    expect(await pause(app, { leaseMs }), String(leaseMs)).toMatchObject({ status: 400, body: { code: 'INVALID' } })
  }
  expect((await pause(app, null)).status).toBe(400)
  expect((await getJson<Listener>(app, '/api/listener')).body).toMatchObject({ state: 'accepting', pausedUntil: null })
})
