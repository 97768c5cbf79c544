import { describe, expect, onTestFinished, test } from 'vitest'
import { formatEndpoint } from '../../shared/endpoint.ts'
import type { KernelState, UnmatchedSocket } from '../../shared/stream.ts'
import { getJson, startServer } from '../support/app.ts'
import { type Client, openClient } from '../support/clients.ts'
import { ssTable } from '../support/ss.ts'
import { findProgram, isMissing, longTime, titleWith } from '../tools.ts'

type App = Awaited<ReturnType<typeof startServer>>
type KernelAnswer = KernelState & { sockets: UnmatchedSocket[] }

/** CI has two cores and fifteen minutes for all tests. */
const CROWD = process.env['CI'] ? 2_000 : 5_000
const ss = findProgram('ss')

async function kernel(app: App): Promise<KernelAnswer> {
  return (await getJson<KernelAnswer>(app, '/api/kernel')).body
}

/** Waits until the server's table and the kernel's agree: the server learns of accepts and closes a little later. */
async function atRest(app: App, count: number): Promise<KernelAnswer> {
  let answer = await kernel(app)
  const looked = async (): Promise<unknown> => {
    answer = await kernel(app)
    // The first unmatched sockets, so that a failure names them.
    return { ...answer.agreement, unmatched: answer.unmatched.slice(0, 5) }
  }
  await expect
    .poll(looked, { timeout: 10_000 })
    .toMatchObject({ both: count, onlyServer: 0, onlyKernel: 0, unmatched: [] })
  return answer
}

function table({ sockets }: KernelAnswer): string[] {
  return sockets
    .map(
      ({ remote, local, tcpState, inode }) => `${formatEndpoint(remote)} ${formatEndpoint(local)} ${tcpState} ${inode}`,
    )
    .toSorted()
}

function tuple(line: string): string {
  return line.split(' ').slice(0, 2).join(' ')
}

/** Client addresses: of the crowd, by hundreds, and of the clients that connect during the churn. */
const FAMILIES = {
  IPv4: {
    crowd: (hundred: number) => ({ localAddress: `127.0.80.${1 + (hundred % 250)}` }),
    later: { localAddress: '127.0.81.1' },
  },
  IPv6: { crowd: () => ({ host: '::1', localAddress: '::1' }), later: { host: '::1' } },
}

/** Connects `count` clients, a hundred at a time. */
async function crowd(app: App, count: number, from: (hundred: number) => object): Promise<Client[]> {
  const clients: Client[] = []
  onTestFinished(() => {
    for (const { socket } of clients) socket.resetAndDestroy()
  })
  while (clients.length < count) {
    const hundred = Array.from({ length: 100 }, () => openClient(app.port, from(clients.length / 100)))
    clients.push(...(await Promise.all(hundred)))
  }
  for (const client of clients) client.socket.resume()
  return clients
}

describe.skipIf(isMissing(ss, longTime))(titleWith('the join with the kernel', ss, longTime), () => {
  test.for(['IPv4', 'IPv6'] as const)(
    `of ${CROWD} %s connections under churn invents no row, and at rest misses none`,
    async (family) => {
      const from = FAMILIES[family]
      const app = await startServer({ greeting: false })
      const clients = await crowd(app, CROWD, from.crowd)
      expect(table(await atRest(app, CROWD))).toEqual(await ssTable(app.port))

      // A dump is not a snapshot: under churn the kernel may leave out a socket, and so may ss. Missing sockets are checked only
      // at rest.
      // Churn: each client that resets is replaced; every other replacement uses the same 4-tuple.
      let churning = true
      const churn = (async () => {
        for (let i = 0; churning; i = (i + 1) % CROWD) {
          const { address, port } = clients[i]?.local ?? expect.unreachable()
          clients[i]?.socket.resetAndDestroy()
          const again = { ...from.later, localAddress: address, localPort: port }
          const client = await openClient(app.port, i % 2 === 0 ? again : from.later)
          client.socket.resume()
          clients[i] = client
        }
      })()
      const endChurn = (): Promise<void> => {
        churning = false
        return churn
      }
      // Stop the churn even when a check fails, before the server stops.
      onTestFinished(endChurn)
      for (let look = 0; look < 5; look++) {
        const before = new Set((await ssTable(app.port)).map(tuple))
        const rows = (await kernel(app)).sockets
        const after = new Set((await ssTable(app.port)).map(tuple))
        const known = new Set(
          (await getJson<{ items: { id: number }[] }>(app, '/api/connections?state=any&limit=50000')).body.items.map(
            ({ id }) => id,
          ),
        )
        for (const { remote, local, connectionId } of rows) {
          const name = `${formatEndpoint(remote)} ${formatEndpoint(local)}`
          // A connection between the two runs of ss must at least be known to the server.
          const real = before.has(name) || after.has(name) || (connectionId !== null && known.has(connectionId))
          expect(real, name).toBe(true)
        }
      }
      await endChurn()

      expect(table(await atRest(app, CROWD))).toEqual(await ssTable(app.port))
    },
  )
})
