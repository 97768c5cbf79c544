import { describe, expect, onTestFinished, test } from 'vitest'
import { formatEndpoint } from '../../shared/endpoint.ts'
import type { KernelState, UnmatchedSocket } from '../../shared/stream.ts'
import { getJson, startServer } from '../support/app.ts'
import { type Client, openClient } from '../support/clients.ts'
import { ssTable } from '../support/ss.ts'
import { findProgram, isMissing, titleWith } from '../tools.ts'

type App = Awaited<ReturnType<typeof startServer>>
type KernelAnswer = KernelState & { sockets: UnmatchedSocket[] }

const CROWD = 5_000
const ss = findProgram('ss')

async function kernel(app: App): Promise<KernelAnswer> {
  return (await getJson<KernelAnswer>(app, '/api/kernel')).body
}

/** The server's own table hears of accepts and closes a moment after the kernel; then all of it agrees. */
async function atRest(app: App, count: number): Promise<KernelAnswer> {
  let answer = await kernel(app)
  const looked = async (): Promise<unknown> => {
    answer = await kernel(app)
    // Of those that differ, some by name: a failure should tell what it was.
    return { ...answer.agreement, unmatched: answer.unmatched.slice(0, 5) }
  }
  await expect.poll(looked, { timeout: 10_000 }).toEqual({ both: count, onlyServer: 0, onlyKernel: 0, unmatched: [] })
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

/** Where clients come from: those of the crowd, hundred by hundred, and those that come later. */
const FAMILIES = {
  IPv4: {
    crowd: (hundred: number) => ({ localAddress: `127.0.80.${1 + (hundred % 250)}` }),
    later: { localAddress: '127.0.81.1' },
  },
  IPv6: { crowd: () => ({ host: '::1', localAddress: '::1' }), later: { host: '::1' } },
}

/** So many clients, a hundred at a time. */
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

describe.skipIf(isMissing(ss))(titleWith('the join with the kernel', ss), () => {
  test.for(['IPv4', 'IPv6'] as const)(
    `of ${CROWD} %s connections under churn invents no row, and at rest misses none`,
    async (family) => {
      const from = FAMILIES[family]
      const app = await startServer({ greeting: false })
      const clients = await crowd(app, CROWD, from.crowd)
      expect(table(await atRest(app, CROWD))).toEqual(await ssTable(app.port))

      // A dump is no snapshot: under churn the kernel may leave out a socket that moved meanwhile, and so may ss. So nothing is
      // asserted of what is missing until all is at rest.
      // Churn: for each of these that leaves by RST another comes, every other one with the very 4-tuple of the one that left.
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
      // Also when a look fails: nobody would connect to a server that has gone.
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
          // One that came and went between the two looks of ss is one of the server's own, at least.
          const real = before.has(name) || after.has(name) || (connectionId !== null && known.has(connectionId))
          expect(real, name).toBe(true)
        }
      }
      await endChurn()

      expect(table(await atRest(app, CROWD))).toEqual(await ssTable(app.port))
    },
  )
})
