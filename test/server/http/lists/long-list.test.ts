import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Connection } from '../../../../shared/connection.ts'
import { Hub } from '../../../../server/table/hub.ts'
import { ConnectionTable } from '../../../../server/table/table.ts'
import { comeAndGo, serveTable } from '../../../support/table-server.ts'

const CONNECTIONS = 30_000
/** What one turn of the control process may take. A whole list at once takes 500 ms. */
const LONGEST_TURN_MS = 50
/** As in `npm start`. With V8's default, a collection of new objects alone takes 50 ms. */
const EXEC_ARGV = ['--max-semi-space-size=4']

async function crowdedServer(): Promise<{ uiPort: number; table: ConnectionTable }> {
  const table = new ConnectionTable(CONNECTIONS)
  const hub = new Hub(table)
  const uiPort = await serveTable(table, hub)
  await comeAndGo(table, hub, CONNECTIONS)
  return { uiPort, table }
}

test('eight long lists at once hold up no other request', async () => {
  const server = fork(join(import.meta.dirname, '../../../support/crowded-table.ts'), [String(CONNECTIONS)], {
    execArgv: EXEC_ARGV,
  })
  onTestFinished(() => void server.kill())
  const [uiPort] = (await once(server, 'message')) as [number]
  const path = '/api/connections?state=any&limit=50000&sort=-remote'
  const lists = Array.from({ length: 8 }, async () => {
    const socket = connect({ host: '127.0.0.1', port: uiPort })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    await once(socket.resume(), 'close')
    return socket.bytesRead
  })
  for (const bytes of await Promise.all(lists)) expect(bytes).toBeGreaterThan(CONNECTIONS * 100)
  server.send('longest')
  const [longest] = (await once(server, 'message')) as [number]
  expect(longest).toBeLessThan(LONGEST_TURN_MS)
})

test('a long list is whole and in order, and shows the moment of the request', async () => {
  const { uiPort, table } = await crowdedServer()
  const remote = { address: '127.0.0.1', port: 1 }
  const id = CONNECTIONS + 1
  table.accept({ id, local: remote, remote, pid: 1, fd: 20, openedAt: 1 })
  const path = '/api/connections?state=any&limit=50000&sort=id'
  const reader = (await fetch(`http://127.0.0.1:${uiPort}${path}`)).body
    ?.pipeThrough(new TextDecoderStream())
    .getReader()
  let text = (await reader?.read())?.value ?? ''
  // The rest waits for the reader. What closes now is still open in the list.
  table.close(id, { at: 2, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read()) text += piece.value
  const { total, items } = JSON.parse(text) as { total: number; items: Connection[] }
  expect(total).toBe(id)
  expect(items.map((one) => one.id)).toEqual(Array.from({ length: id }, (_, i) => i + 1))
  expect(items.at(-1)).toMatchObject({ id, state: 'open', fd: 20, close: null })
})
