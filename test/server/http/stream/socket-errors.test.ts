import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startProcess } from '../../../support/server-process.ts'

const UPGRADE = [
  'GET /ws HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n')

async function open(port: number, text: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  socket.write(text)
  await once(socket, 'data')
  return socket
}

test('invalid frames and broken upgrades are a line for debugging now and then, never errors', async () => {
  const server = startProcess({ args: ['--port=0', '--ui-port=0', '--log-level=debug'] })
  const { uiPort } = await server.ready()
  for (let i = 0; i < 20; i++) {
    const socket = await open(uiPort, UPGRADE)
    // A frame of a reserved type.
    socket.write(Buffer.alloc(8, 0xff))
    await once(socket.resume(), 'close')
  }
  for (let i = 0; i < 5; i++) {
    const socket = await open(uiPort, `GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n${UPGRADE}`)
    socket.resetAndDestroy()
  }
  expect((await fetch(`http://127.0.0.1:${uiPort}/healthz`)).status).toBe(200)
  server.child.kill('SIGTERM')
  expect(await server.exited).toMatchObject({ code: 0 })
  expect(server.log.filter(({ level }) => Number(level) > 30)).toEqual([])
  const lines = server.log.filter(({ msg }) => msg === 'a WebSocket broke off')
  expect(lines[0]).toMatchObject({ level: 20, code: expect.stringMatching(/^WS_ERR_/) as string, unlogged: 0 })
  // One every 10 seconds: more only on a very slow machine.
  expect(lines.length).toBeLessThan(5)
})
