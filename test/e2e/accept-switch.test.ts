import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { isWaiting } from '../../shared/kernel.ts'
import type { Listener, KernelState, UnmatchedSocket } from '../../shared/stream.ts'
import { getJson, startServer } from '../support/app.ts'
import { connectClient } from '../support/clients.ts'

type App = Awaited<ReturnType<typeof startServer>>
type KernelAnswer = KernelState & { sockets: UnmatchedSocket[]; listener: Listener }

const BACKLOG = 3
const CLIENTS = 8

async function kernel(app: App): Promise<KernelAnswer> {
  return (await getJson<KernelAnswer>(app, '/api/kernel')).body
}

async function setAccepting(app: App, on: boolean): Promise<Listener> {
  const { status, body } = await getJson<Listener>(app, `/api/listener/${on ? 'resume' : 'pause'}`, { method: 'POST' })
  expect(status).toBe(200)
  return body
}

function dial(port: number): Socket {
  const socket = connect({ host: '127.0.0.1', port })
  socket.write('hello')
  onTestFinished(() => void socket.destroy())
  return socket
}

async function firstLine(socket: Socket): Promise<string> {
  socket.setEncoding('utf8')
  const [text] = (await once(socket, 'data')) as [string]
  return text.split('\n')[0] ?? ''
}

test('with a backlog of 3 and accepting stopped, 4 of 8 clients wait in the queue, SYNs are dropped, and all 8 are served after', async () => {
  const app = await startServer({ backlog: BACKLOG })
  const before = await connectClient(app.port)
  before.read()
  await before.line()
  const dropsBefore = (await kernel(app)).drops?.listenDrops ?? 0

  expect(await setAccepting(app, false)).toMatchObject({ state: 'paused' })
  const clients = Array.from({ length: CLIENTS }, () => dial(app.port))
  const served = clients.map(firstLine)

  // The kernel queues one more than the limit (sk_acceptq_is_full).
  const seen = async () => {
    const { listener, drops, sockets } = await kernel(app)
    return {
      acceptQueue: listener.acceptQueue,
      dropped: (drops?.listenDrops ?? 0) > dropsBefore,
      waiting: sockets.filter((socket) => isWaiting(socket) && socket.recvQueue === 'hello'.length).length,
    }
  }
  const full = { acceptQueue: { length: BACKLOG + 1, limit: BACKLOG }, dropped: true, waiting: BACKLOG + 1 }
  await expect.poll(seen).toEqual(full)
  const answer = await kernel(app)
  const queued = answer.sockets.filter(({ tcpState, inode }) => tcpState === 'ESTABLISHED' && inode === 0)
  expect(queued).toHaveLength(BACKLOG + 1)
  for (const socket of queued) expect(socket).toMatchObject({ connectionId: null, recvQueue: 'hello'.length })
  expect(answer.agreement).toMatchObject({ both: 1, onlyServer: 0 })

  // A connection that was accepted before still works.
  const soFar = before.received.length
  before.socket.write('still here')
  expect((await before.bytes(soFar + 10)).subarray(soFar).toString()).toBe('still here')

  expect(await setAccepting(app, true)).toMatchObject({ state: 'accepting' })
  // The kernel retransmits the dropped SYNs after 1, 3 and 7 s.
  expect((await Promise.all(served)).filter((line) => line.startsWith('You are'))).toHaveLength(CLIENTS)
  const agreement = async () => (await kernel(app)).agreement
  await expect.poll(agreement).toEqual({ both: CLIENTS + 1, onlyServer: 0, onlyKernel: 0, differing: 0 })
})

test('stopping twice changes nothing, and a listener process that dies meanwhile is replaced by one that waits too', async () => {
  const app = await startServer()
  await setAccepting(app, false)
  const { pid } = await setAccepting(app, false)
  if (pid === null) throw new Error('no listener process')
  process.kill(pid, 'SIGKILL')
  const waiting = dial(app.port)
  const line = firstLine(waiting)
  const listener = async () => (await getJson<Listener>(app, '/api/listener')).body
  await expect.poll(listener).toMatchObject({ restarts: 1, state: 'paused' })
  await expect.poll(async () => (await kernel(app)).sockets.some(isWaiting)).toBe(true)
  await setAccepting(app, true)
  expect(await line).toMatch(/^You are 127\.0\.0\.1:/)
})
