import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { App } from '../../../../server/app.ts'
import { getJson, startServer } from '../../../support/app.ts'
import { openFeed, upgradeStatus } from '../../../support/feed.ts'
import { joinTokenOf } from '../../../support/join.ts'

const TOKEN = 'only-the-teacher-has-it'

/** Asks from one of this machine's addresses. @returns the status, and the code of an error */
async function ask(app: App, path: string, localAddress: string): Promise<string> {
  const asked = request({ host: '127.0.0.1', port: app.uiPort, localAddress, path, agent: false })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const body = JSON.parse((await answer.toArray()).join('')) as { code?: string }
  return [answer.statusCode, body.code].filter(Boolean).join(' ')
}

async function openFeeds(app: App, localAddress: string, count: number, headers = {}): Promise<void> {
  const options = { localAddress, headers }
  await Promise.all(Array.from({ length: count }, () => openFeed(app.uiPort, options)))
}

async function open(app: App, localAddress: string, text = ''): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: app.uiPort, localAddress })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(text)
  return socket
}

/** A reset may have been seen already. */
function closed(socket: Socket): Promise<unknown> {
  return socket.destroyed ? Promise.resolve() : once(socket.resume(), 'close')
}

describe('the places of readers', () => {
  test('one address gets half of them, and the rest are left to others', async () => {
    const app = await startServer()
    await openFeeds(app, '127.0.0.5', 32)
    expect(await ask(app, '/api/events', '127.0.0.5')).toBe('503 TOO_MANY_FROM_ADDRESS')
    await openFeed(app.uiPort)
  })

  test('that the class link takes are not those of the full token', async () => {
    const app = await startServer({ token: TOKEN })
    const full = { authorization: `Bearer ${TOKEN}` }
    const joined = { authorization: `Bearer ${await joinTokenOf(app, TOKEN)}` }
    for (const address of ['127.0.0.5', '127.0.0.6']) await openFeeds(app, address, 32, joined)
    expect(await upgradeStatus(app.uiPort, joined)).toBe(503)
    expect(await upgradeStatus(app.uiPort, full)).toBe(101)
  })

  test('are as many as --max-readers says, and the refusal has the number', async () => {
    const app = await startServer({ maxReaders: 2 })
    await openFeeds(app, '127.0.0.5', 1)
    await openFeeds(app, '127.0.0.6', 1)
    const { status, body } = await getJson(app, '/ws')
    expect({ status, ...Object(body) }).toMatchObject({ status: 503, code: 'TOO_MANY_READERS', limit: 2 })
  })

  test('cannot be used up by one socket that pipelines its requests', async () => {
    const app = await startServer()
    const socket = await open(app, '127.0.0.5', 'GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(9))
    await once(socket, 'data')
    const metrics = await (await fetch(`http://127.0.0.1:${app.uiPort}/metrics`)).text()
    expect(metrics).toMatch(/^oneport_readers 1$/m)
  })
})

describe('the sockets of the dashboard', () => {
  test('silent ones make way for others: at once, and the oldest of the address with the most first', async () => {
    const app = await startServer()
    const own = await open(app, '127.0.0.6')
    const silent: Socket[] = []
    for (let i = 0; i < 200; i++) silent.push(await open(app, '127.0.0.5'))
    expect(await ask(app, '/healthz', '127.0.0.1')).toBe('200')
    expect(await ask(app, '/healthz', '127.0.0.5')).toBe('200')
    await Promise.all(silent.slice(0, 20).map(closed))
    own.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const [answer] = (await once(own, 'data')) as [Buffer]
    expect(String(answer)).toContain('HTTP/1.1 200 ')
  })

  test('busy ones of a crowded address make way for another address, not for its own', async () => {
    const app = await startServer()
    // The body does not come, so the request does not end.
    const headers = ['Host: localhost', 'Content-Type: application/json', 'Content-Length: 9', 'Expect: 100-continue']
    const text = ['POST /api/clients HTTP/1.1', ...headers, '', ''].join('\r\n')
    const busy: Socket[] = []
    for (let i = 0; i < 160; i++) {
      const socket = await open(app, '127.0.0.5', text)
      await once(socket, 'data')
      busy.push(socket)
    }
    const late = await open(app, '127.0.0.5', text)
    await closed(late)
    expect(busy.filter(({ destroyed }) => destroyed)).toEqual([])
    expect(await ask(app, '/healthz', '127.0.0.1')).toBe('200')
  })
})
