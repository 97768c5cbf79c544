import { once } from 'node:events'
import { createServer, ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { oneAtATime, WAITING_MAX } from '../../../../server/http/access/one-at-a-time.ts'
import { getJson, startServer } from '../../../support/app.ts'

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

async function open(port: number): Promise<{ socket: Socket; text: () => string }> {
  const socket = connect({ host: '127.0.0.1', port })
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', (data) => (text += String(data))).on('error', () => {})
  await once(socket, 'connect')
  return { socket, text: () => text }
}

/** A server that answers only when the test says so. */
async function heldServer(): Promise<{ port: number; begun: [path: string, response: ServerResponse][] }> {
  const begun: [path: string, response: ServerResponse][] = []
  const answer = oneAtATime(({ url = '' }, response) => void begun.push([url, response]))
  const server = createServer({ keepAliveTimeout: 60_000 }, answer).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, begun }
}

test('pipelined requests begin one after the other, each when the answer before it is finished', async () => {
  const { port, begun } = await heldServer()
  const { socket, text } = await open(port)
  const paths = Array.from({ length: WAITING_MAX + 1 }, (_, i) => `/${i}`)
  socket.write(paths.map(get).join(''))
  for (const [i, path] of paths.entries()) {
    await expect.poll(() => begun.map(([url]) => url)).toEqual(paths.slice(0, i + 1))
    // A request of another socket does not wait.
    const other = await open(port)
    other.socket.write(get('/other'))
    await expect.poll(() => begun.at(-1)?.[0]).toBe('/other')
    begun.pop()?.[1].end('other')
    begun[i]?.[1].end(`the answer to ${path}.`)
  }
  await expect.poll(() => text().match(/the answer to \/\d\./g)).toEqual(paths.map((path) => `the answer to ${path}.`))
  // The socket is free again.
  socket.write(get('/later'))
  await expect.poll(() => begun.at(-1)?.[0]).toBe('/later')
})

test('one request more than may wait closes the socket, and none of those that waited begins', async () => {
  const { port, begun } = await heldServer()
  const { socket } = await open(port)
  const closed = once(socket, 'close')
  socket.write(get('/').repeat(WAITING_MAX + 2))
  await closed
  expect(begun).toHaveLength(1)
})

test('of the requests that Node has read beyond that, none becomes a response', async () => {
  let made = 0
  class Counted extends ServerResponse {
    constructor(...args: ConstructorParameters<typeof ServerResponse>) {
      super(...args)
      made++
    }
  }
  const server = createServer(
    { ServerResponse: Counted },
    oneAtATime(() => {}),
  ).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { socket } = await open((server.address() as AddressInfo).port)
  const closed = once(socket, 'close')
  socket.write(get('/').repeat(1_000))
  await closed
  expect(made).toBe(WAITING_MAX + 2)
})

test('nothing begins behind an answer that closes the connection', async () => {
  const { port, begun } = await heldServer()
  const { socket } = await open(port)
  const closed = once(socket, 'close')
  socket.write(get('/first') + get('/second'))
  await expect.poll(() => begun.length).toBe(1)
  begun[0]?.[1].setHeader('connection', 'close').end()
  await closed
  expect(begun).toHaveLength(1)
})

test('a thousand pipelined requests of one socket, whose answers nobody reads, delay nobody and give no warning', async () => {
  const warned = vi.fn()
  process.on('warning', warned)
  onTestFinished(() => void process.off('warning', warned))
  const app = await startServer()
  const { socket } = await open(app.uiPort)
  const closed = once(socket, 'close')
  socket.pause()
  socket.write(get('/api/docs').repeat(1_000))
  const { status } = await getJson(app, '/healthz')
  expect(status).toBe(200)
  socket.resume()
  await closed
  expect(socket.bytesRead).toBeLessThan(WAITING_MAX * 1_000_000)
  expect(warned).not.toHaveBeenCalled()
})
