/**
 * The textbook case, in a network namespace whose loopback has 192.168.0.1, .100 and .101. Connects the two textbook
 * clients and a third, which has the address of one and the port of the other. Then tries the 4-tuple of the first again.
 * Prints the answers of the API, with the server's connections and the kernel's sockets.
 */
import { pino } from 'pino'
import { startApp } from '../../server/app.ts'
import { configFrom } from '../support/config.ts'

const app = await startApp(
  configFrom(['--port=8080', '--ui-port=0', '--host=192.168.0.1'], {}),
  pino({ level: 'silent' }),
)

async function api(path: string, body?: object): Promise<unknown> {
  const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return (await fetch(`http://127.0.0.1:${app.uiPort}${path}`, init)).json()
}

const clients = []
for (const [address, port] of [
  ['192.168.0.100', 50_000],
  ['192.168.0.101', 50_001],
  ['192.168.0.101', 50_000],
]) {
  clients.push(await api('/api/clients', { from: { address, port } }))
}
const again = await api('/api/clients', { from: { address: '192.168.0.100', port: 50_000 } })
const result = { clients, again, kernel: await api('/api/kernel'), connections: await api('/api/connections?sort=id') }
await app.stop(0)
process.stdout.write(JSON.stringify(result))
