import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { buildHttp } from '../../../server/http/server.ts'
import type { Source } from '../../../server/http/source.ts'
import { History } from '../../../server/table/history.ts'
import { Hub } from '../../../server/table/hub.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import type { Change, Listener, SkippedChange } from '../../../shared/stream.ts'
import { startServer } from '../../support/app.ts'
import { connectClient } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'

type Line = Change | SkippedChange

/** The lines of `/api/events` as a program gets them. */
async function follow(uiPort: number) {
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const response = await fetch(`http://127.0.0.1:${uiPort}/api/events`, { signal: abort.signal })
  expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const lines: Line[] = []
  let rest = ''
  const until = async (holds: (lines: Line[]) => boolean): Promise<Line[]> => {
    while (!holds(lines)) {
      const chunk = await reader?.read()
      if (chunk?.value === undefined) throw new Error('the events have ended')
      const parts = (rest + chunk.value).split('\n')
      rest = parts.pop() ?? ''
      for (const part of parts) lines.push(JSON.parse(part) as Line)
    }
    return lines
  }
  return { until, cancel: () => abort.abort() }
}

test('events are one change a line, from now on', async () => {
  const server = await startServer({ greeting: false })
  const feed = await openFeed(server.uiPort)
  await connectClient(server.port)
  await feed.until('one is live', ({ table }) => table.live.size === 1)
  const events = await follow(server.uiPort)
  const client = (await connectClient(server.port)).read()
  await events.until((lines) => lines.some(({ kind }) => kind === 'accept'))
  client.socket.end('hello')
  const lines = await events.until((all) => all.some(({ kind }) => kind === 'close'))
  expect(lines[0]).toMatchObject({ kind: 'accept', connection: { id: 2, remote: client.local } })
  expect(lines.at(-1)).toMatchObject({ kind: 'close', id: 2, bytesIn: 5, close: { by: 'peer', how: 'fin' } })
})

test('a reader of events that falls behind is told how many connections it missed, and goes on', async () => {
  const table = new ConnectionTable(10)
  const hub = new Hub(table)
  const uiPort = await serve(table, hub)
  const socket = connect({ host: '127.0.0.1', port: uiPort })
  onTestFinished(() => void socket.destroy())
  socket.write('GET /api/events HTTP/1.0\r\nHost: localhost\r\n\r\n')
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(String(head)).toMatch(/^HTTP\/1\.1 200 /)

  // It does not read while many times more happens than the buffers on the way hold.
  socket.pause()
  const connections = 50_000
  for (let id = 1; id <= connections; id++) {
    comeAndGo(table, id)
    if (id % 100 === 0) {
      hub.flush()
      await turn()
    }
  }
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += String(chunk))).resume()
  comeAndGo(table, connections + 1)
  hub.flush()
  while (!text.slice(-500).includes(`{"kind":"close","id":${connections + 1},`)) await once(socket, 'data')

  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)
  const skipped = lines.reduce((sum, line) => sum + (line.kind === 'skipped' ? line.count : 0), 0)
  const closes = lines.filter(({ kind }) => kind === 'close').length
  expect(skipped).toBeGreaterThan(connections / 10)
  expect(closes + skipped).toBe(connections + 1)
})

function comeAndGo(table: ConnectionTable, id: number): void {
  const [local, remote] = [8080, 50_000].map((port) => ({ address: '127.0.0.1', port }))
  if (local === undefined || remote === undefined) return
  table.accept({ id, local, remote, pid: 1, fd: 20, openedAt: 1 })
  table.close(id, { at: 2, by: 'peer', how: 'fin', code: null })
}

/** The dashboard's port on a table that the test fills itself. */
async function serve(table: ConnectionTable, hub: Hub): Promise<number> {
  const history = new History(table.counters)
  const listener = { counters: table.counters } as Listener
  // All that these routes ask for.
  const source = { table, hub, history, listener } as Source
  const access = { allowHosts: [], token: null, readOnly: false }
  const http = await buildHttp(source, access, pino({ level: 'silent' }))
  onTestFinished(async () => {
    history.stop()
    await http.close()
  })
  await http.listen({ host: '127.0.0.1', port: 0 })
  const address = http.server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

test('a reader of events that leaves is let go', async () => {
  const server = await startServer()
  for (let i = 0; i < 70; i++) (await follow(server.uiPort)).cancel()
  const events = await follow(server.uiPort)
  await connectClient(server.port)
  await events.until((lines) => lines.some(({ kind }) => kind === 'accept'))
})
