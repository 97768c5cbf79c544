/**
 * Link-local IPv6 addresses, in a network namespace whose loopback has fe80::1 and fe80::2. One server listens on all
 * addresses; the other one and its dashboard are bound to fe80::1%lo. Prints the answers of the API for a client that
 * connects from fe80::2%lo to each of them.
 */
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import { startApp } from '../../server/app.ts'
import { configFrom } from '../support/config.ts'

const SERVER = 'fe80::1%lo'
const from = { address: 'fe80::2%lo' }

async function tried(options: string[], uiHost: string, hostHeader: string): Promise<object> {
  const config = configFrom(['--port=0', '--ui-port=0', ...options], { ONEPORT_TOKEN: 'none' })
  const app = await startApp(config, pino({ level: 'silent' }))

  async function api(path: string, body?: object): Promise<unknown> {
    const headers = { host: `${hostHeader}:${app.uiPort}`, 'content-type': 'application/json' }
    const method = body === undefined ? 'GET' : 'POST'
    const asked = request({ host: uiHost, port: app.uiPort, path, method, headers }).end(body && JSON.stringify(body))
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    return JSON.parse(await text(answer))
  }

  const client = (await api('/api/clients', { from, to: { address: SERVER } })) as { local: { port: number } }
  const remote = encodeURIComponent(`[${from.address}]:${client.local.port}`)
  const local = encodeURIComponent(`[${SERVER}]:${app.port}`)
  const result = {
    url: app.url.replace(String(app.uiPort), 'PORT'),
    client,
    kernel: await api('/api/kernel'),
    connected: await api(`/api/lookup?remote=${remote}&local=${local}`),
    listening: await api(`/api/lookup?remote=[::]:1&local=${local}`),
  }
  await app.stop(0)
  return result
}

const results = [
  await tried([], '127.0.0.1', 'localhost'),
  // curl leaves the zone out of the Host header, others send it.
  await tried([`--host=${SERVER}`, `--ui-host=${SERVER}`], SERVER, '[fe80::1]'),
  await tried([`--host=${SERVER}`, `--ui-host=${SERVER}`], SERVER, '[fe80::1%lo]'),
]
process.stdout.write(JSON.stringify(results))
