import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { Connection } from '../../../../shared/connection.ts'
import { Hub } from '../../../../server/table/hub.ts'
import { ConnectionTable } from '../../../../server/table/table.ts'
import { comeAndGo, serveTable } from '../../../support/table-server.ts'

const CONNECTIONS = 30_000
/** Half of what a whole list at once takes. The budget is 50 ms, but a busy machine's caches make every turn slower. */
const LONGEST_TURN_MS = 140

/** Measures the longest turn of the event loop in CPU time, so that other programs do not matter. */
function watchTurns(): () => number {
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1_000
  }
  let [at, longest, watching] = [cpuMs(), 0, true]
  const look = (): void => {
    const now = cpuMs()
    longest = Math.max(longest, now - at)
    at = now
    if (watching) setImmediate(look)
  }
  setImmediate(look)
  return () => {
    watching = false
    return longest
  }
}

async function crowdedServer(): Promise<{ uiPort: number; table: ConnectionTable }> {
  const table = new ConnectionTable(CONNECTIONS)
  const hub = new Hub(table)
  const uiPort = await serveTable(table, hub)
  await comeAndGo(table, hub, CONNECTIONS)
  return { uiPort, table }
}

test('eight long lists at once hold up no other request', async () => {
  const { uiPort } = await crowdedServer()
  const path = '/api/connections?state=any&limit=50000&sort=-remote'
  const longest = watchTurns()
  const lists = Array.from({ length: 8 }, async () => {
    const socket = connect({ host: '127.0.0.1', port: uiPort })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
    await once(socket.resume(), 'close')
    return socket.bytesRead
  })
  for (const bytes of await Promise.all(lists)) expect(bytes).toBeGreaterThan(CONNECTIONS * 100)
  expect(longest()).toBeLessThan(LONGEST_TURN_MS)
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
