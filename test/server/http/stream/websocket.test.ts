import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { Hub } from '../../../../server/table/hub.ts'
import { ConnectionTable } from '../../../../server/table/table.ts'
import type { ErrorFrame } from '../../../../shared/stream.ts'
import { SUBPROTOCOL } from '../../../../shared/stream.ts'
import { getJson, sharedServer, startServer } from '../../../support/app.ts'
import { connectClient, connectClients } from '../../../support/clients.ts'
import { openFeed, upgradeStatus } from '../../../support/feed.ts'
import { comeAndGo, serveTable } from '../../../support/table-server.ts'

const MIB = 1024 * 1024

describe('the stream', () => {
  test('begins with hello, then a snapshot, then changes, in the subprotocol', async () => {
    const server = await startServer()
    await connectClient(server.port)
    const early = await openFeed(server.uiPort)
    await early.until('one is live', ({ table }) => table.live.size === 1)
    const feed = await openFeed(server.uiPort)
    const late = await connectClient(server.port)
    await feed.until('two are live', ({ table }) => table.live.size === 2)
    expect(feed.socket.protocol).toBe(SUBPROTOCOL)
    const [hello, snapshot, ...rest] = feed.frames
    expect(hello).toMatchObject({
      type: 'hello',
      protocol: 1,
      instance: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      readOnly: false,
      listener: { local: { address: '::', port: server.port }, state: 'accepting' },
    })
    expect(snapshot).toMatchObject({ type: 'snapshot', total: 1, connections: [{ id: 1, state: 'open' }], last: true })
    // A sample may have come in between.
    const others = rest.filter(({ type }) => type !== 'kernel' && type !== 'listener')
    expect(new Set(others.map(({ type }) => type))).toEqual(new Set(['changes']))
    expect(feed.table.find(2)?.remote).toEqual(late.local)
  })

  test('serves a reader that offers no subprotocol', async () => {
    const { uiPort } = await startServer()
    const socket = new WebSocket(`ws://localhost:${uiPort}/ws`)
    onTestFinished(() => socket.terminate())
    const [frame] = (await once(socket, 'message')) as [Buffer]
    expect(JSON.parse(String(frame))).toMatchObject({ type: 'hello' })
  })

  test('has a different instance id for each run of the server', async () => {
    const [a, b] = [await openFeed((await startServer()).uiPort), await openFeed((await startServer()).uiPort)]
    expect(a.hello?.instance).not.toBe(b.hello?.instance)
  })
})

describe('a frame that a dashboard should not send', () => {
  const server = sharedServer()

  async function answerTo(data: string | Buffer, binary: boolean): Promise<ErrorFrame | undefined> {
    const feed = await openFeed(server().uiPort)
    feed.socket.send(data, { binary })
    await feed.until('an error frame came', ({ errors }) => errors.length > 0)
    // The feed still works.
    const client = await connectClient(server().port)
    await feed.connection('accepted after it', ({ remote }) => remote.port === client.local.port)
    return feed.errors[0]
  }

  test.for([
    ['binary', '{"type":"x"}', true, 'BINARY_FRAME'],
    ['not JSON', '{', false, 'MALFORMED_FRAME'],
    ['empty', '', false, 'MALFORMED_FRAME'],
    ['null', 'null', false, 'MALFORMED_FRAME'],
    ['an array', '[]', false, 'MALFORMED_FRAME'],
    ['without a type', '{}', false, 'MALFORMED_FRAME'],
    ['with a type that is no string', '{"type":1}', false, 'MALFORMED_FRAME'],
    ['of an unknown type', '{"type":"constructor"}', false, 'UNKNOWN_TYPE'],
    ['of 1 MiB and one byte', `"${'x'.repeat(MIB - 1)}"`, false, 'FRAME_TOO_LARGE'],
    ['of 1 MiB', `"${'x'.repeat(MIB - 2)}"`, false, 'MALFORMED_FRAME'],
  ] as const)('%s: is answered with an error', async ([, data, binary, code]) => {
    expect(await answerTo(data, binary)).toMatchObject({ type: 'error', code, message: expect.any(String) as string })
  })

  test('does not come back at full length in the answer', async () => {
    const error = await answerTo(JSON.stringify({ type: 'x'.repeat(100_000) }), false)
    expect(error?.message.length).toBeLessThan(200)
  })

  test('the fifth in a row closes the feed with 1008', async () => {
    const feed = await openFeed(server().uiPort)
    const closed = once(feed.socket, 'close')
    for (let i = 0; i < 5; i++) feed.socket.send('nonsense')
    const [code] = (await closed) as [number]
    expect(code).toBe(1008)
    expect(feed.errors).toHaveLength(5)
  })

  test('over 4 MiB: is not even read, and closes the feed with 1009', async () => {
    const feed = await openFeed(server().uiPort)
    const closed = once(feed.socket, 'close')
    feed.socket.send('x'.repeat(4 * MIB + 1))
    const [code] = (await closed) as [number]
    expect(code).toBe(1009)
  })

  test('that breaks the WebSocket protocol itself: ends that feed alone', async () => {
    const other = await openFeed(server().uiPort)
    const feed = await openFeed(server().uiPort)
    const raw = (feed.socket as unknown as { _socket: { write(data: Buffer): void } })._socket
    const closed = once(feed.socket, 'close')
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]))
    await closed
    const client = await connectClient(server().port)
    await other.connection('accepted after it', ({ remote }) => remote.port === client.local.port)
  })
})

describe('readers', () => {
  test('are at most 64, dashboards and readers of events together; the API answers all the same', async () => {
    const server = await startServer()
    const abort = new AbortController()
    onTestFinished(() => abort.abort())
    const url = `http://127.0.0.1:${server.uiPort}/api/events`
    for (let i = 0; i < 4; i++) expect((await fetch(url, { signal: abort.signal })).status).toBe(200)
    // An address has half of the places.
    const addresses = Array.from({ length: 60 }, (_, i) => `127.0.0.${1 + (i % 3)}`)
    const feeds = await Promise.all(addresses.map((localAddress) => openFeed(server.uiPort, { localAddress })))

    expect(await upgradeStatus(server.uiPort, {})).toBe(503)
    expect(await getJson(server, '/api/events')).toMatchObject({ status: 503, body: { code: 'TOO_MANY_READERS' } })
    expect(await getJson(server, '/healthz')).toMatchObject({ status: 200 })

    // All readers get the same changes.
    await connectClients(3, server.port)
    await Promise.all(feeds.map((feed) => feed.until('three are live', ({ table }) => table.live.size === 3)))

    // When one leaves, there is room for another.
    const [first] = feeds
    first?.close()
    await expect.poll(() => upgradeStatus(server.uiPort, {})).toBe(101)
  })

  test('cannot be used up by HEAD requests', async () => {
    const server = await startServer()
    for (let i = 0; i < 70; i++) {
      await fetch(`http://127.0.0.1:${server.uiPort}/api/events`, { method: 'HEAD' })
    }
    await openFeed(server.uiPort)
  })

  test('that stop reading are skipped: nothing new is queued for them', async () => {
    const table = new ConnectionTable(100)
    const hub = new Hub(table)
    const uiPort = await serveTable(table, hub)
    const stuck = await openFeed(uiPort)
    let received = 0
    stuck.socket.on('message', (frame: Buffer) => (received += frame.length))
    stuck.socket.pause()
    const feed = await openFeed(uiPort)
    const CONNECTIONS = 100_000
    await comeAndGo(table, hub, CONNECTIONS)
    await feed.until('the other has all of it', ({ table: held }) => held.counters?.closed === CONNECTIONS)
    stuck.socket.resume()
    await stuck.until('it has caught up', ({ table: held }) => held.counters?.closed === CONNECTIONS)
    expect(stuck.table.resyncs).toBeGreaterThan(0)
    // All changes would be 60 MB. The reader gets only those in the kernel's buffers.
    expect(received).toBeLessThan(16 * MIB)
  })
})
