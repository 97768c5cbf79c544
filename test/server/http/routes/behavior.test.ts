import { expect, test } from 'vitest'
import type { Action } from '../../../../shared/action.ts'
import type { Connection } from '../../../../shared/connection.ts'
import type { Listener } from '../../../../shared/stream.ts'
import { type Answer, getJson, startServer } from '../../../support/app.ts'
import { connectClient } from '../../../support/clients.ts'
import { openFeed } from '../../../support/feed.ts'

async function post<T>(app: { uiPort: number }, path: string, body: unknown): Promise<Answer<T>> {
  const headers = { 'content-type': 'application/json' }
  return getJson<T>(app, path, { method: 'POST', headers, body: JSON.stringify(body) })
}

test('the port’s behavior is chosen while it runs, told to every dashboard, and outlives the listener process', async () => {
  const app = await startServer({ behavior: 'silent', greeting: false })
  const feed = await openFeed(app.uiPort)
  expect(await post<Listener>(app, '/api/listener/behavior', { behavior: 'echo' })).toMatchObject({
    status: 200,
    body: { behavior: 'echo' },
  })
  await feed.until('the dashboard knows', ({ listener }) => listener?.behavior === 'echo')
  process.kill(feed.listener?.pid ?? 0, 'SIGKILL')
  await feed.until('the next one accepts', ({ listener }) => listener?.restarts === 1 && listener.state === 'accepting')
  const client = (await connectClient(app.port)).read()
  client.socket.write('x')
  expect((await client.bytes(1)).toString()).toBe('x')
  expect(feed.listener?.behavior).toBe('echo')
})

test('a connection’s behavior is an action in its record, and in its events', async () => {
  const app = await startServer({ behavior: 'silent', greeting: false })
  const feed = await openFeed(app.uiPort)
  const client = (await connectClient(app.port)).read()
  const { id } = await feed.connection('accepted', (c) => c.remote.port === client.local.port)
  const { status, body } = await post<Action>(app, `/api/connections/${id}/behavior`, { behavior: 'echo' })
  expect([status, body.kind, body.behavior, body.code]).toEqual([200, 'behavior', 'echo', null])
  await feed.connection('served otherwise', (c) => c.id === id && c.behavior === 'echo')
  await post(app, `/api/connections/${id}/behavior`, { behavior: null })
  await feed.connection('served as the port', (c) => c.id === id && c.behavior === null && c.actions.length === 2)
  const { actions } = (await getJson<Connection>(app, `/api/connections/${id}`)).body
  expect(actions.map(({ kind, behavior }) => [kind, behavior])).toEqual([
    ['behavior', 'echo'],
    ['behavior', null],
  ])
})

test('a body that names no behavior is invalid, and changes nothing', async () => {
  const app = await startServer({ behavior: 'discard' })
  const bad = [{}, [], { behavior: 'parrot' }, { behavior: 'Echo' }, { behavior: 7 }, { behavior: 'echo', port: 1 }]
  for (const path of ['/api/listener/behavior', '/api/connections/1/behavior']) {
    for (const body of bad) {
      const answer = await post(app, path, body)
      expect(answer, JSON.stringify(body)).toMatchObject({ status: 400, body: { code: 'INVALID' } })
    }
  }
  expect(await post(app, '/api/listener/behavior', { behavior: null })).toMatchObject({ status: 400 })
  expect((await getJson<Listener>(app, '/api/listener')).body.behavior).toBe('discard')
})
