import { describe, expect, test } from 'vitest'
import type { Listener } from '../../../shared/stream.ts'
import { GREETINGS } from '../../../server/listener/greeting.ts'
import { type Answer, getJson, startServer } from '../../support/app.ts'
import { type Client, connectClient } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'
import { type Listener as Process, startListener } from '../../support/listener.ts'

async function choose(app: { uiPort: number }, language: string): Promise<Answer<Listener & { code?: string }>> {
  const headers = { 'content-type': 'application/json' }
  return getJson(app, '/api/listener/greeting', { method: 'POST', headers, body: JSON.stringify({ language }) })
}

async function greeted(port: number): Promise<{ client: Client; line: string }> {
  const client = (await connectClient(port)).read()
  return { client, line: await client.line() }
}

const ENGLISH = /^You are /
const RUSSIAN = /^Вы — /

describe('the greeting in Russian', () => {
  test('tells each client its own 4-tuple, its number and its company', async () => {
    const server = await startServer({ greetingLanguage: 'ru' })
    const first = (await connectClient(server.port, { localAddress: '127.0.0.3' })).read()
    expect(await first.line()).toBe(
      `Вы — 127.0.0.3:${first.local.port}, сервер — 127.0.0.1:${server.port}, соединение № 1; других соединений на этом порту нет.`,
    )
    const second = (await connectClient(server.port, { host: '::1' })).read()
    expect(await second.line()).toBe(
      `Вы — [::1]:${second.local.port}, сервер — [::1]:${server.port}, соединение № 2; на этом порту есть ещё 1 соединение.`,
    )
  })

  test.for([
    [0, 'других соединений на этом порту нет.'],
    [1, 'на этом порту есть ещё 1 соединение.'],
    [2, 'на этом порту есть ещё 2 соединения.'],
    [5, 'на этом порту есть ещё 5 соединений.'],
    [11, 'на этом порту есть ещё 11 соединений.'],
    [21, 'на этом порту есть ещё 21 соединение.'],
    [1_102, 'на этом порту есть ещё 1102 соединения.'],
  ] as const)('counts %s others as Russian does', ([others, company]) => {
    const line = GREETINGS.ru(3, { address: '::1', port: 8080 }, { address: '::1', port: 50_000 }, others)
    expect(line.toString()).toBe(`Вы — [::1]:50000, сервер — [::1]:8080, соединение № 3; ${company}\n`)
  })

  test('is counted in bytes, not in letters', async () => {
    const server = await startServer({ greetingLanguage: 'ru' })
    const feed = await openFeed(server.uiPort)
    const { client } = await greeted(server.port)
    await feed.connection('greeted', (c) => c.bytesOut === client.received.length && c.chunksOut === 1)
    expect(client.received.length).toBeGreaterThan(client.received.toString().length)
  })
})

describe('the language of the greeting', () => {
  test('changes for new connections, is sent to every dashboard, and survives a listener restart', async () => {
    const server = await startServer()
    const feed = await openFeed(server.uiPort)
    expect(feed.hello?.listener.greetingLanguage).toBe('en')
    expect((await greeted(server.port)).line).toMatch(ENGLISH)

    expect(await choose(server, 'ru')).toMatchObject({ status: 200, body: { greetingLanguage: 'ru' } })
    expect((await greeted(server.port)).line).toMatch(RUSSIAN)
    await feed.until('the dashboard knows', ({ listener }) => listener?.greetingLanguage === 'ru')

    process.kill(feed.listener?.pid ?? 0, 'SIGKILL')
    await feed.until(
      'the next process accepts',
      ({ listener: now }) => now?.restarts === 1 && now.state === 'accepting',
    )
    expect((await greeted(server.port)).line).toMatch(RUSSIAN)
    expect(feed.listener?.greetingLanguage).toBe('ru')

    expect(await choose(server, 'en')).toMatchObject({ status: 200, body: { greetingLanguage: 'en' } })
    expect((await greeted(server.port)).line).toMatch(ENGLISH)
  })

  test('can be chosen while accepting is stopped: waiting clients are greeted in it', async () => {
    const server = await startServer()
    await getJson(server, '/api/listener/pause', { method: 'POST' })
    const waiting = greeted(server.port)
    expect(await choose(server, 'ru')).toMatchObject({ status: 200, body: { greetingLanguage: 'ru', state: 'paused' } })
    await getJson(server, '/api/listener/resume', { method: 'POST' })
    expect((await waiting).line).toMatch(RUSSIAN)
  })

  test('cannot be chosen where there is no greeting', async () => {
    const server = await startServer({ greeting: false, greetingLanguage: 'ru' })
    expect(await choose(server, 'ru')).toMatchObject({ status: 409, body: { code: 'GREETING_OFF' } })
    expect((await getJson<Listener>(server, '/api/listener')).body.greeting).toBe(false)
  })

  test('is the last one asked for, and each answer comes after its own', async () => {
    const { supervisor, port } = await startListener({ greeting: 'en' })
    await Promise.all((['ru', 'en', 'ru'] as const).map((language) => supervisor.setGreeting(language)))
    expect((await greeted(port)).line).toMatch(RUSSIAN)
  })
})

describe('after a change of language, the captured bytes of an earlier connection', () => {
  async function before(listener: Process) {
    const { client, id } = await listener.client()
    await client.line()
    await listener.supervisor.setGreeting('ru')
    return { client, id, sent: Buffer.from(client.received) }
  }

  test('are those it was sent, if it has said nothing since', async () => {
    const listener = await startListener({ greeting: 'en' })
    const { id, sent } = await before(listener)
    expect((await listener.captured(id)).bytes('out')).toEqual(sent)
    const newcomer = await listener.client()
    expect(await newcomer.client.line()).toMatch(RUSSIAN)
    expect((await listener.captured(newcomer.id)).bytes('out')).toEqual(newcomer.client.received)
  })

  test('are those it was sent, if its first word comes after', async () => {
    const listener = await startListener({ greeting: 'en' })
    const { client, id, sent } = await before(listener)
    client.socket.write('hello')
    await client.bytes(sent.length + 5)
    expect((await listener.captured(id)).bytes('out').toString()).toBe(`${sent.toString()}hello`)
  })

  test('are those it was sent, if it closes after without a word', async () => {
    const listener = await startListener({ greeting: 'en' })
    const { client, id, sent } = await before(listener)
    client.socket.end()
    await listener.recordOf(id, ({ close }) => close)
    expect((await listener.captured(id)).bytes('out')).toEqual(sent)
  })
})
