import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { sharedServer, startServer } from '../../../support/app.ts'

const UPGRADE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

function request(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, ...headers, '', ''].join('\r\n')
}

/** Sends the text, reads the whole answer, and ends with FIN: a reset would always free the server's socket. */
async function send(port: number, text: string): Promise<{ socket: Socket; answer: () => string }> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  let received = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk: string) => (received += chunk))
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(text)
  await once(socket, 'data')
  return { socket, answer: () => received }
}

async function serverEnds(socket: Socket): Promise<void> {
  socket.end()
  if (!socket.readableEnded && !socket.destroyed) await Promise.race([once(socket, 'end'), once(socket, 'close')])
}

const server = sharedServer()

test('an upgrade of a path that cannot be decoded is a plain 400 with the safe headers, and keeps no socket', async () => {
  const app = await startServer()
  for (let i = 0; i < 20; i++) {
    const { socket, answer } = await send(app.uiPort, request('/%zz', 'Host: evil.example', ...UPGRADE))
    expect(answer()).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer().toLowerCase()).toContain('content-security-policy')
    expect(answer()).toContain('"code":"BAD_URL"')
    await serverEnds(socket)
  }
})

test.for(['/', '/api/listener', '/nope'])(
  'an upgrade of %s is answered as if it had not been asked for',
  async (path) => {
    const { uiPort } = server()
    const { answer } = await send(uiPort, request(path, `Host: localhost:${uiPort}`, ...UPGRADE))
    expect(answer()).not.toMatch(/^HTTP\/1\.1 101/)
  },
)

test('an upgrade behind an answer that is still under way ends with its connection, and lets the server stop', async () => {
  const app = await startServer()
  const host = `Host: localhost:${app.uiPort}`
  for (const first of ['/api/listener', '/api/events']) {
    const { socket } = await send(app.uiPort, request(first, host) + request('/ws', host, ...UPGRADE))
    await serverEnds(socket)
  }
  // The server stops after the test and waits for every socket.
})

test.for([
  ['two Host headers', '/healthz', ['Host: localhost', 'Host: evil.example'], 403],
  ['a target with a foreign host', 'http://evil.example/api/listener', ['Host: localhost'], 403],
  ['a target with our own host', 'http://localhost/healthz', ['Host: localhost'], 200],
] as const)('%s: %s', async ([, path, headers, status]) => {
  const { uiPort } = server()
  const { answer } = await send(uiPort, request(path, ...headers))
  expect(answer()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
})

test('an Origin of another scheme is not our page, though its host is ours', async () => {
  const { uiPort } = server()
  const host = `localhost:${uiPort}`
  const origin = `Origin: chrome-extension://${host}`
  const { answer } = await send(uiPort, request('/ws', `Host: ${host}`, origin, ...UPGRADE))
  expect(answer()).toMatch(/^HTTP\/1\.1 403 /)
})
