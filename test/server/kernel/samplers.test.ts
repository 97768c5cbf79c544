import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { socketOf } from '../../../server/kernel/inet-diag.ts'
import { loadLibc } from '../../../server/libc.ts'
import { eachPacked } from '../../../server/kernel/packed.ts'
import { ProcSampler } from '../../../server/kernel/proc-net.ts'
import type { Sample } from '../../../server/kernel/sample.ts'
import { Sampler } from '../../../server/kernel/sampler.ts'
import { type Endpoint, formatEndpoint } from '../../../shared/endpoint.ts'
import { connectClient } from '../../support/clients.ts'
import { isMissing, titleWith, type Tool } from '../../tools.ts'

const libc = process.platform === 'linux' ? await loadLibc() : null
const kernel: Tool = libc === null ? { path: null, reason: 'no kernel to ask here' } : { path: 'libc', reason: null }
const BACKLOG = 7

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer().listen({ host, port, backlog: BACKLOG })
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return server
}

/**
 * Listens on a port below those that the kernel gives by itself (ip_local_port_range). Clients of other tests that try to reach a
 * server that has ended would otherwise be in the samples when its port is given again.
 */
async function listenApart(host: string): Promise<{ server: Server; port: number }> {
  for (;;) {
    const port = randomInt(10_000, 32_768)
    try {
      return { server: await listen(host, port), port }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}

/** A client and the server's socket. */
async function connected(server: Server, port: number, host: string) {
  const accepted = once(server, 'connection')
  const client = await connectClient(port, { host })
  const [socket] = (await accepted) as [Socket]
  socket.on('error', () => {}).resume()
  return { client, socket }
}

function told({ changed, at }: Sample): string[] {
  return [...eachPacked(changed)]
    .map(([buffer, from]) => socketOf(buffer, from, at))
    .map(({ remote, tcpState }) => `${formatEndpoint(remote)} ${tcpState}`)
    .toSorted()
}

describe.skipIf(isMissing(kernel)).for([
  ['sock_diag', (local: Endpoint) => new Sampler(libc ?? expect.unreachable(), local)],
  ['proc', (local: Endpoint) => new ProcSampler(local, BACKLOG)],
] as const)(titleWith('samples of %s', kernel), ([source, open]) => {
  test('tell each socket once, and again only when it has changed or gone', async () => {
    const { server, port } = await listenApart('::')
    const four = await connected(server, port, '127.0.0.1')
    const six = await connected(server, port, '::1')
    const sampler = open({ address: '::', port })
    if (sampler instanceof Sampler) onTestFinished(() => sampler.close())
    const names = [four, six].map(({ client }) => `${formatEndpoint(client.local)} ESTABLISHED`).toSorted()

    const first = sampler.take()
    expect(told(first)).toEqual(names)
    expect(first).toMatchObject({ source, total: 2, gone: [] })
    expect(first.listeners).toMatchObject([
      { local: { address: '::', port }, tcpState: 'LISTEN', recvQueue: 0, sendQueue: BACKLOG, dualStack: true },
    ])

    const second = sampler.take()
    expect(second).toMatchObject({ source, total: 2, gone: [] })
    expect(told(second)).toEqual([])
    expect(second.listeners).toHaveLength(1)

    // Not `once`, which rejects on the reset.
    const closed = new Promise((resolve) => four.socket.once('close', resolve))
    four.client.socket.resetAndDestroy()
    await closed
    const third = sampler.take()
    expect(third).toMatchObject({ total: 1 })
    expect(third.gone).toHaveLength(1)
    expect(told(third)).toEqual([])
  })

  for (const [host, others] of [
    ['127.0.0.1', ['127.0.0.2', '::1']],
    ['::1', ['127.0.0.1']],
    ['0.0.0.0', ['::1']],
  ] as const) {
    test(`leave out the sockets of other programs on the same port of another address than ${host}`, async () => {
      const { server, port } = await listenApart(host)
      for (const other of others) {
        const foreign = await listen(other, port)
        await connected(foreign, port, other)
      }
      const { client } = await connected(server, port, host === '0.0.0.0' ? '127.0.0.9' : host)
      const sampler = open({ address: host, port })
      if (sampler instanceof Sampler) onTestFinished(() => sampler.close())
      const first = sampler.take()
      expect(told(first)).toEqual([`${formatEndpoint(client.local)} ESTABLISHED`])
      expect(first.total).toBe(1)
      // A client counts as handshake-only when two samples have found no socket for it.
      for (const { ends } of [first, sampler.take()]) expect(ends?.handshakeOnly ?? []).toHaveLength(0)
    })
  }
})
