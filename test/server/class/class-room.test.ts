import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { ClassRoom, type ClassRoomOptions, type RoomListener } from '../../../server/class/class-room.ts'
import type { ClassFacts, ClassState, OpenedClass, OwnFacts, StudentKey } from '../../../shared/class.ts'
import type { ClientRecord } from '../../../shared/client.ts'
import { sharedServer, startServer } from '../../support/app.ts'
import { asWith, openClass } from '../../support/class.ts'
import { type Feed, openFeed } from '../../support/feed.ts'
import { joinTokenOf } from '../../support/join.ts'

const server = sharedServer()

/** The newest class frame that a reader has. */
function classOf(feed: Feed): ClassState | null | undefined {
  return feed.frames.findLast((frame) => frame.type === 'class')?.class
}

const ask = { text: 'How many ports are in use?', options: ['one', 'one for each client'], right: 0 }

test('a class that is being opened while the server stops is closed again', async () => {
  const listening = Promise.withResolvers<RoomListener>()
  const close = vi.fn(async () => {})
  const options = { clients: {}, listener: {}, listen: () => listening.promise, changed: () => {} }
  const room = new ClassRoom(options as unknown as ClassRoomOptions)
  const opened = room.open('127.0.0.1', 0)
  await room.stop()
  listening.resolve({ port: 1, close })
  expect(await opened).toBeNull()
  expect(close).toHaveBeenCalledTimes(1)
  expect(await room.open('127.0.0.1', 0)).toBeNull()
})

test('a student joins, owns one real connection with the kernel’s 4-tuple, acts on it, and leaves by FIN', async () => {
  const { uiPort, port } = server()
  const open = await openClass(uiPort)
  const feed = await openFeed(uiPort)
  const ada = await open.join('Ada')
  const { status, body: client } = await ada.ask<ClientRecord>('POST /api/class/me/connections')
  expect(status).toBe(201)
  const row = await feed.connection('of Ada', ({ id }) => id === client.connectionId)
  expect([row.local.port, row.remote]).toEqual([port, client.local])
  await feed.until('its name is known', () =>
    classOf(feed)?.students.some(({ name, connections }) => name === 'Ada' && connections.includes(row.id)),
  )
  expect((await ada.ask(`POST /api/class/me/connections/${client.id}/send`, { text: 'hello' })).status).toBe(200)
  await feed.connection('with the bytes', ({ id, bytesIn }) => id === row.id && bytesIn === 5)
  expect((await ada.ask<OwnFacts>('GET /api/class/me')).body.clients.map(({ id }) => id)).toEqual([client.id])
  const second = (await ada.ask<ClientRecord>('POST /api/class/me/connections')).body
  expect((await ada.ask(`DELETE /api/class/me/connections/${second.id}?how=reset`)).status).toBe(204)
  const reset = await feed.closedOf(second.local.port)
  expect(reset.close).toMatchObject({ by: 'peer', how: 'reset' })
  expect((await ada.ask('DELETE /api/class/me')).status).toBe(204)
  expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'peer', how: 'fin' })
  await feed.until('Ada has left', () => classOf(feed)?.students.length === 0)
  expect((await ada.ask('GET /api/class/me')).body.code).toBe('STUDENTS_ONLY')
})

test('a student whose client waits in the accept queue has the connection as soon as it is accepted', async () => {
  const open = await openClass(server().uiPort)
  const ada = await open.join('Ada')
  await open.teacher('POST /api/listener/pause', { leaseMs: 60_000 })
  const { body: client } = await ada.ask<ClientRecord>('POST /api/class/me/connections')
  expect(client.connectionId).toBeNull()
  await open.teacher('POST /api/listener/resume')
  const connectionOf = async () => (await ada.ask<OwnFacts>('GET /api/class/me')).body.clients[0]?.connectionId
  await expect.poll(connectionOf).toEqual(expect.any(Number))
  expect((await open.facts()).roster[0]?.connections).toEqual([await connectionOf()])
})

test('each student has an address of their own, and three connections', async () => {
  const open = await openClass(server().uiPort)
  const [ada, bob] = [await open.join('Ada'), await open.join('Ada')]
  expect([ada.name, bob.name]).toEqual(['Ada', 'Ada (2)'])
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => ada.ask<ClientRecord>('POST /api/class/me/connections')))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 201, 409, 409])
  expect(answers.find(({ status }) => status === 409)?.body.code).toBe('QUOTA_USED')
  const own = answers.flatMap(({ status, body }) => (status === 201 ? [body.local.address] : []))
  const other = (await bob.ask<ClientRecord>('POST /api/class/me/connections')).body.local.address
  expect(new Set(own).size).toBe(1)
  expect(own).not.toContain(other)
})

describe('a student', () => {
  test('is refused every act on what is not their own, by every way there is', async () => {
    const { uiPort } = server()
    const open = await openClass(uiPort)
    const [ada, eve] = [await open.join('Ada'), await open.join('Eve')]
    const client = (await ada.ask<ClientRecord>('POST /api/class/me/connections')).body
    const code = async (request: string, body?: object) => (await eve.ask(request, body)).body.code
    for (const id of [client.id, 999_999, 1]) {
      expect(await code(`POST /api/class/me/connections/${id}/send`, { text: 'x' })).toBe('CLIENT_NOT_FOUND')
      expect(await code(`DELETE /api/class/me/connections/${id}?how=reset`)).toBe('CLIENT_NOT_FOUND')
    }
    for (const [request, body] of [
      [`POST /api/clients/${client.id}/send`, { text: 'x' }],
      [`DELETE /api/clients/${client.id}`, undefined],
      [`POST /api/connections/${client.connectionId}/close`, { how: 'reset' }],
      ['POST /api/connections/close', { all: true, how: 'fin' }],
      ['POST /api/clients', {}],
      ['POST /api/listener/pause', undefined],
      ['POST /api/class', { address: '127.0.0.1' }],
      ['POST /api/class/questions', ask],
      ['POST /api/class/reveal', undefined],
      ['POST /api/class/pace', { step: 1 }],
      [`DELETE /api/class/students/${ada.id}`, undefined],
      ['DELETE /api/class', undefined],
    ] as const) {
      expect(await code(request, body), request).toBe('READ_ONLY')
    }
    expect(await code('GET /api/class')).toBe('FULL_TOKEN_REQUIRED')
    expect(await code('GET /api/join')).toBe('FULL_TOKEN_REQUIRED')
    expect((await ada.ask<OwnFacts>('GET /api/class/me')).body.clients).toHaveLength(1)
    expect((await open.facts()).state?.students).toHaveLength(2)
  })

  test('who asks without end is slowed, alone', async () => {
    const open = await openClass(server().uiPort)
    const [ada, eve] = [await open.join('Ada'), await open.join('Eve')]
    await open.teacher('POST /api/class/questions', ask)
    const answer = { question: 1, option: 1 }
    const answers = await Promise.all(Array.from({ length: 100 }, () => eve.ask('POST /api/class/me/answer', answer)))
    const statuses = Map.groupBy(answers, ({ status }) => status)
    expect(statuses.get(204)?.length).toBeGreaterThanOrEqual(20)
    expect(statuses.get(429)?.length).toBeGreaterThan(50)
    expect((await ada.ask('POST /api/class/me/answer', { question: 1, option: 0 })).status).toBe(204)
    expect((await open.facts()).questions[0]?.counts).toEqual([1, 1])
  })

  test('who is removed is out at once, with every connection', async () => {
    const { uiPort } = server()
    const open = await openClass(uiPort)
    const feed = await openFeed(uiPort)
    const ada = await open.join('Ada')
    const client = (await ada.ask<ClientRecord>('POST /api/class/me/connections')).body
    const own = await openFeed(open.opened.port, {}, `/ws?token=${ada.key}`)
    await own.until('told who it is', ({ frames }) =>
      frames.some((frame) => frame.type === 'class' && frame.student === ada.id),
    )
    expect(own.hello).toMatchObject({ joined: true, readOnly: true })
    expect((await open.teacher(`DELETE /api/class/students/${ada.id}`)).status).toBe(204)
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'peer', how: 'fin' })
    await own.until('told that it is none any more', ({ frames }) =>
      frames.some((frame, i) => i > 1 && frame.type === 'class' && frame.student === null),
    )
    expect((await ada.ask('POST /api/class/me/connections')).body.code).toBe('STUDENTS_ONLY')
    // Somebody who was removed by mistake can come back.
    expect((await ada.ask('POST /api/class/students', { name: 'Ada' })).status).toBe(201)
    expect((await open.teacher(`DELETE /api/class/students/${ada.id}`)).body.code).toBe('STUDENT_NOT_FOUND')
  })
})

describe('the class', () => {
  test('reads nothing without its secret, which the short code gives; wrong codes are slowed', async () => {
    const open = await openClass(server().uiPort)
    const { port, code, secret } = open.opened
    expect((await asWith(null, port, 'GET /api/connections')).body.code).toBe('TOKEN_REQUIRED')
    expect((await asWith(null, port, 'POST /api/class/students', { name: 'x' })).body.code).toBe('TOKEN_REQUIRED')
    expect((await asWith<{ token: string }>(null, port, 'POST /api/class/token', { code })).body.token).toBe(secret)
    const wrong = await Promise.all(
      Array.from({ length: 60 }, () => asWith(null, port, 'POST /api/class/token', { code: 'AAA-AAA' })),
    )
    expect(new Set(wrong.map(({ body }) => body.code))).toEqual(new Set(['CODE_WRONG', 'TOO_MANY_REQUESTS']))
    const html = await fetch(`http://127.0.0.1:${port}/healthz`)
    expect(html.status).toBe(200)
  })

  test('asks, sees the distribution as it comes, and reveals it to all', async () => {
    const { uiPort } = server()
    const open = await openClass(uiPort)
    const ada = await open.join('Ada')
    const own = await openFeed(open.opened.port, {}, `/ws?token=${ada.key}`)
    expect((await open.teacher('POST /api/class/reveal')).body.code).toBe('NO_QUESTION')
    expect((await open.teacher('POST /api/class/questions', ask)).status).toBe(201)
    await own.until('the question has come', () => classOf(own)?.question?.text === ask.text)
    expect(classOf(own)?.question?.revealed).toBeNull()
    await ada.ask('POST /api/class/me/answer', { question: 1, option: 0 })
    expect((await open.facts()).questions[0]).toMatchObject({ answered: 1, counts: [1, 0], right: 0 })
    expect((await open.teacher('POST /api/class/reveal')).status).toBe(204)
    await own.until('it is revealed', () => classOf(own)?.question?.revealed?.counts[0] === 1)
    expect((await ada.ask('POST /api/class/me/answer', { question: 1, option: 1 })).body.code).toBe('QUESTION_OVER')
    expect((await open.teacher('POST /api/class/pace', { step: 3 })).status).toBe(204)
    await own.until('the pace is set', () => classOf(own)?.pace === 3)
    await ada.ask('POST /api/class/me', { step: 2, stuck: true })
    expect((await open.facts()).roster[0]).toMatchObject({ name: 'Ada', step: 2, stuck: true, answers: { 1: 0 } })
  })

  test('ends with its listener, its connections, its results; the next one has new secrets', async () => {
    const { uiPort } = server()
    const feed = await openFeed(uiPort)
    const first = await openClass(uiPort)
    expect((await first.teacher('POST /api/class', { address: '127.0.0.1' })).body.code).toBe('CLASS_OPEN')
    const ada = await first.join('Ada')
    const client = (await ada.ask<ClientRecord>('POST /api/class/me/connections')).body
    expect((await first.teacher('DELETE /api/class')).status).toBe(204)
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'peer', how: 'fin' })
    await feed.until('the class has ended', () => classOf(feed) === null)
    const refused = connect(first.opened.port, '127.0.0.1')
    expect(((await once(refused, 'error')) as NodeJS.ErrnoException[])[0]?.code).toBe('ECONNREFUSED')
    const second = await openClass(uiPort)
    expect(second.opened.secret).not.toBe(first.opened.secret)
    expect((await second.facts()).roster).toEqual([])
    const late = await asWith(ada.key, second.opened.port, 'GET /api/class/me')
    expect(late.body.code).toBe('TOKEN_REQUIRED')
  })

  test('is not opened where it can’t be: a foreign address, a port in use, a read-only server', async () => {
    const { uiPort } = server()
    const open = (body: object) => asWith<OpenedClass>(null, uiPort, 'POST /api/class', body)
    expect((await open({ address: '192.0.2.1' })).body.code).toBe('ADDRESS_NOT_LOCAL')
    expect((await open({ address: 'localhost' })).body.code).toBe('ADDRESS_NOT_LOCAL')
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const bound = other.address()
    const port = typeof bound === 'object' ? bound?.port : 0
    expect((await open({ address: '127.0.0.1', port })).body.code).toBe('EADDRINUSE')
    expect((await asWith<ClassFacts>(null, uiPort, 'GET /api/class')).body.opened).toBeNull()
    const readOnly = await startServer({ readOnly: true })
    const refused = await asWith(null, readOnly.uiPort, 'POST /api/class', { address: '127.0.0.1' })
    expect(refused.body.code).toBe('READ_ONLY')
  })
})

test('what a student has not got rid of is reset when the student leaves', async () => {
  const { uiPort } = server()
  const open = await openClass(uiPort)
  const feed = await openFeed(uiPort)
  const ada = await open.join('Ada')
  const { body: client } = await ada.ask<ClientRecord>('POST /api/class/me/connections')
  await open.teacher(`POST /api/connections/${client.connectionId}/reading`, { paused: true })
  const send = () => ada.ask(`POST /api/class/me/connections/${client.id}/send`, { text: 'x'.repeat(700_000) })
  while ((await send()).status === 200);
  await ada.ask('DELETE /api/class/me')
  expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'peer', how: 'reset' })
})

test('the secret and a key end with their class, also at the teacher’s own dashboard', async () => {
  const token = 'a token of the teacher'
  const app = await startServer({ token })
  const teacher = <T>(request: string, body?: object) => asWith<T>(token, app.uiPort, request, body)
  const { secret } = (await teacher<OpenedClass>('POST /api/class', { address: '127.0.0.1' })).body
  const first = await asWith<StudentKey>(secret, app.uiPort, 'POST /api/class/students', { name: 'Ada' })
  expect(first.status).toBe(201)
  const viewOnly = await joinTokenOf(app, token)
  const refused = await asWith(viewOnly, app.uiPort, 'POST /api/class/students', { name: 'Ada' })
  expect(refused.body.code).toBe('READ_ONLY')
  const feeds = await Promise.all(
    [secret, first.body.key].map((given) => openFeed(app.uiPort, {}, `/ws?token=${given}`)),
  )
  const closed = feeds.map(({ socket }) => once(socket, 'close'))
  await teacher('DELETE /api/class')
  for (const [code] of (await Promise.all(closed)) as [number][]) expect(code).toBe(1008)
  const next = (await teacher<OpenedClass>('POST /api/class', { address: '127.0.0.1' })).body
  const second = await asWith<StudentKey>(next.secret, app.uiPort, 'POST /api/class/students', { name: 'Bob' })
  expect(second.body.id).toBeGreaterThan(first.body.id)
})

test('200 students join, connect and answer at the same time, and one more gets CLASS_FULL', async () => {
  const { uiPort } = server()
  const open = await openClass(uiPort)
  const feed = await openFeed(uiPort)
  await open.teacher('POST /api/class/questions', ask)
  const students = await Promise.all(Array.from({ length: 200 }, (_, i) => open.join(`Student ${i}`)))
  const { port, secret } = open.opened
  const late = await asWith(secret, port, 'POST /api/class/students', { name: 'One more' })
  expect(late.body.code).toBe('CLASS_FULL')
  const opened = await Promise.all(students.map((student) => student.ask('POST /api/class/me/connections')))
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([201]))
  const answer = { question: 1, option: 1 }
  await Promise.all(students.map((student) => student.ask('POST /api/class/me/answer', answer)))
  await feed.until('all are named', () => {
    const state = classOf(feed)
    return state?.question?.answered === 200 && state.students.every(({ connections }) => connections.length === 1)
  })
  await open.teacher('DELETE /api/class')
  await feed.until('all have gone', ({ table }) => table.live.size === 0)
})
