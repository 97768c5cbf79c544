/**
 * A crowd of clients in a network namespace of its own: as many as the descriptors of this machine allow, up to more than there are
 * ports. Where they don't last for the ports of one address, this namespace has fewer ephemeral ports. Prints what the API
 * answers, what the kernel has, and how it ended.
 */
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { startApp } from '../../server/app.ts'
import type { Connection } from '../../shared/connection.ts'
import { CROWD_MAX, type Crowd } from '../../shared/crowd.ts'
import type { Counters } from '../../shared/stream.ts'
import { configFrom } from '../support/config.ts'

const app = await startApp(configFrom(['--port=8080', '--ui-port=0'], {}), pino({ level: 'silent' }))

async function api<T>(path: string, method = 'GET', body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) }
  const text = await (await fetch(`http://127.0.0.1:${app.uiPort}/api/${path}`, init)).text()
  return (text === '' ? null : JSON.parse(text)) as T
}

const { maxConnections } = await api<{ maxConnections: number }>('listener')
if (maxConnections < CROWD_MAX) writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '20000 25999')

const crowd = await api<Crowd>('crowd', 'POST', { count: CROWD_MAX })
const first = crowd.addresses[0]?.address
const again = await api<{ code: string }>('clients', 'POST', { from: { address: first } })
const other = await api<{ local: { address: string } }>('clients', 'POST', { from: { address: '127.2.0.1' } })
const second = await api<{ code: string }>('crowd', 'POST', { count: 100 })
const kernel = await api<object>('kernel')
const { items } = await api<{ items: Connection[] }>('connections?limit=50000')
const ports = new Set(items.map(({ remote }) => remote.port)).size
const tuples = new Set(items.map(({ local, remote }) => JSON.stringify([local, remote]))).size
const inKernel = items.filter((row) => row.kernel?.tcpState === 'ESTABLISHED').length

await api('crowd', 'DELETE')
const counters = async () => (await api<{ counters: Counters }>('listener')).counters
while ((await counters()).live > 1) await sleep(50)
const { items: closed } = await api<{ items: Connection[] }>('connections?state=closed&limit=10000')
const ended = new Set(closed.map(({ close }) => [close?.by, close?.how, close?.reset].join(' ')))

await app.stop(0)
process.stdout.write(
  JSON.stringify({
    ...{ maxConnections, crowd, again, other, second, kernel, listed: items.length, ports, tuples, inKernel },
    ended: [...ended],
  }),
)
