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

test('rules are kept with the port, and a connection may have its own', async () => {
  const app = await startServer({ behavior: 'silent', greeting: false })
  const client = (await connectClient(app.port)).read()
  expect(await post(app, '/api/listener/behavior', { behavior: 'scripted' })).toMatchObject({
    status: 400,
    body: { code: 'INVALID', message: expect.stringContaining('at least one rule') as string },
  })
  const rules = [{ when: 'hello\n', answer: 'hi\\n' }]
  expect(await post(app, '/api/listener/behavior', { behavior: 'scripted', rules })).toMatchObject({
    status: 200,
    body: { behavior: 'scripted', rules: [{ when: 'hello\\n', answer: 'hi\\n' }] },
  })
  client.socket.write('hello\n')
  expect((await client.bytes(3)).toString()).toBe('hi\n')
  // Other behaviors keep them.
  const echo = await post<Listener>(app, '/api/listener/behavior', { behavior: 'echo' })
  expect(echo.body.rules).toHaveLength(1)
  expect((await post(app, '/api/connections/1/behavior', { behavior: 'scripted' })).status).toBe(200)
  client.socket.write('hello\n')
  expect((await client.bytes(6)).toString()).toBe('hi\nhi\n')
})

test.for([
  ['a backslash that begins no escape', [{ when: 'a', answer: '\\q' }], 'rules/0/answer'],
  ['a rule without bytes', [{ when: '', answer: 'a' }], ''],
  ['too many rules', Array(21).fill({ when: 'a', answer: 'b' }), ''],
  ['too long a rule', [{ when: 'a'.repeat(201), answer: '' }], ''],
  ['no rules', [], ''],
] as const)('%s is invalid', async ([, rules, named]) => {
  const app = await startServer()
  const { status, body } = await post<{ message: string }>(app, '/api/listener/behavior', {
    behavior: 'scripted',
    rules,
  })
  expect(status).toBe(400)
  expect(body.message).toContain(named)
})
