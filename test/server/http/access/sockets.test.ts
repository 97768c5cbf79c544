import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { Agent, createServer, get, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { oneAtATime } from '../../../../server/http/access/one-at-a-time.ts'
import { limitSockets } from '../../../../server/http/access/sockets.ts'
import { startServer } from '../../../support/app.ts'

/** @returns the status, once the whole answer has been read */
function ask(port: number, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/healthz', agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode))
    }).once('error', reject)
  })
}

test('sockets that browsers keep for later turn nobody away', async () => {
  const { uiPort } = await startServer()
  for (let browser = 0; browser < 40; browser++) {
    const agent = new Agent({ keepAlive: true, maxSockets: 6 })
    onTestFinished(() => agent.destroy())
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask(uiPort, agent)))
    expect(answers).toEqual(Array(6).fill(200))
  }
})

const UNREAD_MS = 1_000
/** More than the kernel's buffers hold. */
const LARGE = Buffer.alloc(20_000_000)

async function serve(answer: RequestListener): Promise<Server> {
  const server = createServer(oneAtATime(answer))
  limitSockets(server, 8, UNREAD_MS)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

async function askOf(port: number, path = '/'): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return socket
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

describe('an answer', () => {
  test('that its client does not read is broken off, and one that is read slowly is not', async () => {
    const server = await serve((_request, response) => void response.end(LARGE))
    const stuck = once(server, 'connection').then(([socket]) => once(socket as Socket, 'close'))
    await askOf(portOf(server))
    const slow = await askOf(portOf(server))
    let read = 0
    const started = performance.now()
    // Takes three times as long as the other may.
    slow.on('data', ({ length }: Buffer) => {
      read += length
      slow.pause()
      const due = (read / LARGE.length) * 3 * UNREAD_MS
      setTimeout(() => slow.resume(), Math.max(1, due - (performance.now() - started)))
    })
    await stuck
    expect(read).toBeLessThan(LARGE.length)
    await expect.poll(() => read, { timeout: 20_000 }).toBeGreaterThan(LARGE.length)
  }, 30_000)

  test('that is not ready yet is waited for', async () => {
    const open: ServerResponse[] = []
    const server = await serve((_request, response) => void open.push(response))
    const socket = await askOf(portOf(server))
    await once(server, 'timeout')
    open[0]?.end('late')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(String(answer)).toContain('HTTP/1.1 200 ')
  })

  test('must be read within a time; a stream may wait for its reader', async () => {
    const { uiPort } = await startServer()
    const begun = new Map<string, { socket: Socket; timeout: number | undefined }>()
    const begins = (message: unknown): void => {
      const { request, socket } = message as { request: { url: string }; socket: Socket }
      begun.set(request.url, { socket, timeout: socket.timeout })
    }
    subscribe('http.server.request.start', begins)
    onTestFinished(() => void unsubscribe('http.server.request.start', begins))
    await once(await askOf(uiPort, '/api/events'), 'data')
    expect(begun.get('/api/events')).toMatchObject({ timeout: 10_000, socket: { timeout: 0 } })
  })
})
