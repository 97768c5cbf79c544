import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { Hub } from '../../../../server/table/hub.ts'
import { ConnectionTable } from '../../../../server/table/table.ts'
import type { Change, SkippedChange } from '../../../../shared/stream.ts'
import { startServer } from '../../../support/app.ts'
import { connectClient } from '../../../support/clients.ts'
import { openFeed } from '../../../support/feed.ts'
import { comeAndGo, serveTable } from '../../../support/table-server.ts'

type Line = Change | SkippedChange

/** Reads the lines of `/api/events`. */
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
      for (const part of parts) if (part !== '') lines.push(JSON.parse(part) as Line)
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
  await events.until((all) => all.some(({ kind }) => kind === 'close'))
  // The kernel's word on the close may follow.
  const lines = (await events.until(() => true)).filter(({ kind }) => kind !== 'evidence')
  expect(lines[0]).toMatchObject({ kind: 'accept', connection: { id: 2, remote: client.local } })
  expect(lines.at(-1)).toMatchObject({ kind: 'close', id: 2, bytesIn: 5, close: { by: 'peer', how: 'fin' } })
})

test('a slow event reader gets the number of missed connections, then new events', async () => {
  const table = new ConnectionTable(10)
  const hub = new Hub(table)
  const uiPort = await serveTable(table, hub)
  const socket = connect({ host: '127.0.0.1', port: uiPort })
  onTestFinished(() => void socket.destroy())
  socket.write('GET /api/events HTTP/1.0\r\nHost: localhost\r\n\r\n')
  const [head] = (await once(socket, 'data')) as [Buffer]
  expect(String(head)).toMatch(/^HTTP\/1\.1 200 /)

  // It does not read while far more changes happen than the buffers hold.
  socket.pause()
  const connections = 50_000
  await comeAndGo(table, hub, connections)
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += String(chunk))).resume()
  await comeAndGo(table, hub, 1)
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

test('a proxy neither buffers the events nor closes them for silence: an empty line every 15 s without a change', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const table = new ConnectionTable(10)
  const hub = new Hub(table)
  const uiPort = await serveTable(table, hub)
  const abort = new AbortController()
  onTestFinished(() => abort.abort())
  const { headers, body } = await fetch(`http://127.0.0.1:${uiPort}/api/events`, { signal: abort.signal })
  expect(headers.get('x-accel-buffering')).toBe('no')
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await reader?.read())?.value

  vi.advanceTimersByTime(15_000)
  expect(await next()).toBe('\n')
  vi.advanceTimersByTime(10_000)
  await comeAndGo(table, hub, 1)
  expect(await next()).toMatch(/^\{"kind":"accept".*\}\n\{"kind":"close".*\}\n$/)
  // Only silence counts, and it has just begun again.
  vi.advanceTimersByTime(14_999)
  await comeAndGo(table, hub, 1)
  expect(await next()).toMatch(/^\{"kind":"accept"/)
  vi.advanceTimersByTime(15_000)
  expect(await next()).toBe('\n')
})

test('a disconnected event reader is removed', async () => {
  const server = await startServer()
  for (let i = 0; i < 70; i++) (await follow(server.uiPort)).cancel()
  const events = await follow(server.uiPort)
  await connectClient(server.port)
  await events.until((lines) => lines.some(({ kind }) => kind === 'accept'))
})
