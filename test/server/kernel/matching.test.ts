import { describe, expect, test } from 'vitest'
import { formatEndpoint } from '../../../shared/endpoint.ts'
import type { Connection } from '../../../shared/connection.ts'
import type { KernelTimer } from '../../../shared/kernel.ts'
import type { KernelState, UnmatchedSocket } from '../../../shared/stream.ts'
import { getJson, startServer } from '../../support/app.ts'
import { type Client, connectClient } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'
import { ssTable } from '../../support/ss.ts'
import { findProgram, isMissing, titleWith } from '../../tools.ts'

interface KernelAnswer extends KernelState {
  sockets: UnmatchedSocket[]
}

type App = Awaited<ReturnType<typeof startServer>>

async function kernel(app: App): Promise<KernelAnswer> {
  return (await getJson<KernelAnswer>(app, '/api/kernel')).body
}

function table({ sockets }: KernelAnswer): string[] {
  return sockets
    .map(
      ({ remote, local, tcpState, inode }) => `${formatEndpoint(remote)} ${formatEndpoint(local)} ${tcpState} ${inode}`,
    )
    .toSorted()
}

/** Connects clients one after the other and waits for each greeting. */
async function greeted(app: App, hosts: string[]): Promise<Client[]> {
  const clients: Client[] = []
  for (const host of hosts) {
    const client = (await connectClient(app.port, { host })).read()
    await client.line()
    clients.push(client)
  }
  return clients
}

const ss = findProgram('ss')

describe.skipIf(isMissing(ss))(titleWith("the kernel's table", ss), () => {
  test('of a port without clients is empty, and agrees with ss', async () => {
    const app = await startServer()
    const answer = await kernel(app)
    expect(answer).toMatchObject({
      available: true,
      source: 'sock_diag',
      agreement: { both: 0, onlyServer: 0, onlyKernel: 0, differing: 0 },
    })
    expect(table(answer)).toEqual(await ssTable(app.port))
  })

  for (const [title, options, hosts] of [
    ['IPv4 and IPv6 clients of a dual-stack socket', { host: '::' }, ['127.0.0.1', '::1', '127.0.0.9']],
    ['clients of an IPv4 socket', { host: '0.0.0.0' }, ['127.0.0.1', '127.0.0.2', '127.0.0.3']],
    ['clients of an IPv6 socket', { host: '::1' }, ['::1', '::1', '::1']],
  ] as const) {
    test(`of three ${title} is what ss prints, and joined row by row`, async () => {
      const app = await startServer(options)
      await greeted(app, [...hosts])
      // The server's table learns of an accept shortly after the client.
      const agreement = async () => (await kernel(app)).agreement
      await expect.poll(agreement).toEqual({ both: hosts.length, onlyServer: 0, onlyKernel: 0, differing: 0 })
      const answer = await kernel(app)
      // An earlier client of another server may have left a TIME_WAIT with this port number.
      const sockets = (await ssTable(app.port)).filter((line) => !line.includes('TIME_WAIT'))
      expect(table(answer)).toEqual(sockets)
      const { body } = await getJson<{ items: { id: number; kernel: { inode: number; tcpState: string } }[] }>(
        app,
        '/api/connections',
      )
      for (const { id, kernel } of body.items) {
        const socket = answer.sockets.find(({ connectionId }) => connectionId === id)
        expect(kernel).toMatchObject({ inode: socket?.inode, tcpState: 'ESTABLISHED' })
        const { body: one } = await getJson<{ descriptorInode: number }>(app, `/api/connections/${id}`)
        expect(one.descriptorInode).toBe(kernel.inode)
      }
    })
  }

  test('shows a half-closed connection of a silent server in CLOSE_WAIT', async () => {
    const app = await startServer({ behavior: 'silent' })
    const [client] = await greeted(app, ['127.0.0.1'])
    client?.socket.end()
    const states = async () => (await kernel(app)).sockets.map(({ tcpState }) => tcpState)
    await expect.poll(states).toContain('CLOSE_WAIT')
    expect(table(await kernel(app))).toEqual(await ssTable(app.port))
  })

  test('shows the persist timer of a client that does not read: always one that is still to end, or none', async () => {
    const app = await startServer({ greeting: false })
    const feed = await openFeed(app.uiPort)
    const client = await connectClient(app.port)
    // More than both sockets' buffers hold.
    client.socket.write(Buffer.alloc(16 * 1024 * 1024))
    const record = async () => (await getJson<Connection>(app, '/api/connections/1')).body.kernel
    let first: KernelTimer | null = null
    for (let sampledAt = 0; first === null || sampledAt <= first.endsAt;) {
      const last = sampledAt
      await feed.until('there is a newer sample', ({ table }) => (table.find(1)?.kernel?.sampledAt ?? 0) > last)
      const { sockets, sampledAt: all } = await kernel(app)
      const one = await record()
      sampledAt = one?.sampledAt ?? 0
      for (const [timer, at] of [
        [one?.timer, sampledAt],
        [sockets.find(({ connectionId }) => connectionId === 1)?.timer, all],
      ] as const) {
        if (timer?.name !== 'persist') continue
        expect(timer.endsAt).toBeGreaterThanOrEqual(at ?? 0)
        // The kernel's longest is two minutes (TCP_RTO_MAX).
        expect(timer.endsAt - (at ?? 0)).toBeLessThanOrEqual(120_000)
        first ??= timer
      }
    }
    client.read()
    await expect.poll(async () => (await record())?.timer?.name).not.toBe('persist')
    client.socket.destroy()
  })

  test('keeps a TIME_WAIT of a connection that the server closed first, with its record and its countdown', async () => {
    const app = await startServer({ idleTimeoutMs: 1_000 })
    const [client] = await greeted(app, ['127.0.0.1'])
    await client?.ended
    const before = Date.now()
    client?.socket.end()
    // The server's table learns of the close shortly after the kernel.
    await expect
      .poll(() => kernel(app))
      .toMatchObject({
        agreement: { both: 0, onlyServer: 0, onlyKernel: 1 },
        sockets: [{ tcpState: 'TIME_WAIT', connectionId: 1, inode: 0, timer: { name: 'timewait' } }],
      })
    const endsAt = (await kernel(app)).sockets[0]?.timer?.endsAt ?? 0
    // TIME_WAIT lasts 60 s from the last FIN; the kernel's timer is coarse.
    expect(endsAt).toBeGreaterThan(before + 59_000)
    expect(endsAt).toBeLessThanOrEqual(Date.now() + 60_000)
  })
})
