import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { readdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { clock } from '../../../server/clock.ts'
import { classicBpf } from '../../../server/kernel/bpf.ts'
import { socketInode } from '../../../server/kernel/descriptor.ts'
import { Sampling } from '../../../server/kernel/sampling.ts'
import { loadLibc } from '../../../server/libc.ts'
import type { Connection } from '../../../shared/connection.ts'
import type { KernelState, UnmatchedSocket } from '../../../shared/stream.ts'
import { getJson, startServer } from '../../support/app.ts'
import { connectClient } from '../../support/clients.ts'
import { findProgram, isMissing, titleWith } from '../../tools.ts'

interface KernelAnswer extends KernelState {
  sockets: UnmatchedSocket[]
}

type App = Awaited<ReturnType<typeof startServer>>

const MANY = 4_000_000

async function record(app: App, id: number): Promise<Connection> {
  // Samples, so that the record is current.
  await getJson(app, '/api/kernel')
  return (await getJson<Connection>(app, `/api/connections/${id}`)).body
}

async function act(app: App, id: number, what: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  const { status } = await getJson(app, `/api/connections/${id}/${what}`, init)
  expect(status).toBe(200)
}

/** Both sockets' states, the port's first; `-` for a socket that is gone. */
async function expectPair(app: App, id: number, pair: string, queues: Partial<Record<string, boolean>> = {}) {
  await expect
    .poll(
      async () => {
        const { kernel, otherEnd } = await record(app, id)
        const states = `${kernel?.tcpState ?? '-'} | ${otherEnd?.tcpState ?? '-'}`
        const unread = otherEnd !== null && otherEnd.recvQueue > 0
        const unsent = otherEnd !== null && otherEnd.sendQueue > 0
        return { states, unread, unsent }
      },
      { timeout: 8_000 },
    )
    .toEqual({ states: pair, unread: queues['unread'] ?? false, unsent: queues['unsent'] ?? false })
}

describe('both ends of a connection', () => {
  for (const host of ['127.0.0.1', '::1']) {
    test(`have the right pair of states in each of twelve steps of a life (${host})`, async () => {
      const app = await startServer({ behavior: 'silent', greeting: false })
      const open = (): ReturnType<typeof connectClient> => connectClient(app.port, { host })

      const first = await open()
      await expectPair(app, 1, 'ESTABLISHED | ESTABLISHED')

      await act(app, 1, 'reading', { paused: true })
      first.socket.write(Buffer.alloc(MANY))
      await expectPair(app, 1, 'ESTABLISHED | ESTABLISHED', { unsent: true })

      await act(app, 1, 'reading', { paused: false })
      await expectPair(app, 1, 'ESTABLISHED | ESTABLISHED')

      await act(app, 1, 'send', { text: 'x'.repeat(500_000) })
      await expectPair(app, 1, 'ESTABLISHED | ESTABLISHED', { unread: true })

      first.read()
      await expectPair(app, 1, 'ESTABLISHED | ESTABLISHED')

      first.socket.end()
      await expectPair(app, 1, 'CLOSE_WAIT | FIN_WAIT_2')

      await act(app, 1, 'send', { text: 'one direction is still open' })
      await expectPair(app, 1, 'CLOSE_WAIT | FIN_WAIT_2')

      await act(app, 1, 'close', { how: 'fin' })
      await expectPair(app, 1, '- | TIME_WAIT')

      const second = (await open()).read()
      await expectPair(app, 2, 'ESTABLISHED | ESTABLISHED')

      await act(app, 2, 'close', { how: 'half' })
      await expectPair(app, 2, 'FIN_WAIT_2 | CLOSE_WAIT')

      second.socket.end()
      await expectPair(app, 2, 'TIME_WAIT | -')

      const third = await open()
      await expectPair(app, 3, 'ESTABLISHED | ESTABLISHED')
      third.socket.resetAndDestroy()
      await expectPair(app, 3, '- | -')
    })
  }

  const nc = findProgram('nc')
  test.skipIf(isMissing(nc))(titleWith("name the client's program and user", nc), async () => {
    const app = await startServer({ greeting: false })
    const client = spawn(nc.path ?? '', ['127.0.0.1', String(app.port)])
    onTestFinished(() => void client.kill())
    await expect
      .poll(async () => (await record(app, 1)).otherEnd?.owner)
      .toEqual({ pid: client.pid, command: 'nc', user: userInfo().username })
  })

  test("look again for the client's program after some seconds if a search has not found it", async () => {
    const search = vi.spyOn(Sampling.prototype, 'holder').mockResolvedValueOnce(null)
    const steady = vi.spyOn(clock, 'steady')
    onTestFinished(() => void vi.restoreAllMocks())
    const app = await startServer({ greeting: false })
    await connectClient(app.port)
    const pid = async () => (await record(app, 1)).otherEnd?.owner?.pid
    await expect.poll(pid).toBe(null)
    await expect.poll(() => search.mock.calls.length).toBe(1)
    const now = clock.steady()
    steady.mockReturnValue(now)
    expect(await pid()).toBe(null)
    expect(search).toHaveBeenCalledTimes(1)
    steady.mockReturnValue(now + 5_000)
    expect(await pid()).toBe(process.pid)
    expect(await pid()).toBe(process.pid)
    expect(search).toHaveBeenCalledTimes(2)
  })

  test("leave out a client's socket that is connected to the same port of another server", async () => {
    const app = await startServer({ host: '127.0.0.1', greeting: false })
    const other = await startServer({ host: '127.0.0.2', port: app.port, greeting: false })
    await connectClient(app.port, { host: '127.0.0.1' })
    await connectClient(other.port, { host: '127.0.0.2' })
    await expectPair(app, 1, 'ESTABLISHED | ESTABLISHED')
    await expectPair(other, 1, 'ESTABLISHED | ESTABLISHED')
    await getJson(app, '/api/kernel')
    const { body } = await getJson<KernelState>(app, '/api/kernel')
    expect(body.handshakeOnly).toBe(0)
  })

  // The last ACK of the handshake is lost for real: a filter on the listening socket drops it. What follows is the kernel's: when
  // three handshakes wait, it answers with SYN cookies and remembers nothing of the client.
  test('of 50 clients that connect at once with a backlog of 3: those without a socket here are handshake-only', async () => {
    const app = await startServer({ backlog: 3 })
    await dropAcks(app)
    const clients = Array.from({ length: 50 }, () => connect({ host: '127.0.0.1', port: app.port }))
    onTestFinished(() => clients.forEach((client) => client.destroy()))
    await Promise.all(clients.map((client) => once(client, 'connect')))

    const answer = await expect
      .poll(() => kernel(app), { timeout: 10_000 })
      .toMatchObject({ handshakeOnly: expect.toSatisfy((count: number) => count >= 40) })
      .then(() => kernel(app))
    const without = answer.sockets.filter(({ problem }) => problem === 'handshake-only')
    const half = answer.sockets.filter(({ tcpState }) => tcpState === 'SYN_RECV')
    expect(without).toHaveLength(answer.handshakeOnly ?? 0)
    expect(without.length + half.length).toBe(50)
    const ports = new Set(clients.map(({ localPort }) => localPort))
    for (const { local, remote, tcpState } of without) {
      expect({ port: local.port, client: ports.has(remote.port), tcpState }).toEqual({
        port: app.port,
        client: true,
        tcpState: 'ESTABLISHED',
      })
    }
    expect(answer.agreement).toMatchObject({ both: 0, onlyKernel: half.length })
  })
})

async function kernel(app: App): Promise<KernelAnswer> {
  return (await getJson<KernelAnswer>(app, '/api/kernel')).body
}

/** Makes the listening socket of a server in this process ignore everything but SYN: load TCP's flags, test SYN. */
async function dropAcks(app: App): Promise<void> {
  const { body } = await getJson<{ inode: number }>(app, '/api/listener')
  const fd = readdirSync('/proc/self/fd').find((name) => socketInode(process.pid, Number(name)) === body.inode)
  const libc = await loadLibc()
  const code = [
    [0x30, 0, 0, 13],
    [0x45, 0, 1, 0x02],
    [0x06, 0, 0, 0xffff],
    [0x06, 0, 0, 0],
  ] as const
  expect(libc?.attachFilter(Number(fd), classicBpf(code))).toBe(0)
}
