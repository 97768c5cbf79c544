import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { otherCommands } from '../../web/live/socket-text.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'

const python = findProgram('python3')

test.skipIf(isMissing(python))(titleWith('the line of Python stays connected until Enter', python), async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const child = spawn('sh', ['-c', otherCommands('127.0.0.1', port).python], { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill())
  const [socket] = await accepted
  const [printed] = (await once(child.stdout, 'data')) as [Buffer]
  expect(String(printed).trim()).toBe(`('127.0.0.1', ${socket.remotePort})`)
  socket.resume()
  const ended = once(socket, 'end')
  child.stdin.write('\n')
  await ended
})
