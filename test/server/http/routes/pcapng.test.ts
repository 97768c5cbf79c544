import { createHash } from 'node:crypto'
import { once } from 'node:events'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { App } from '../../../../server/app.ts'
import type { Connection } from '../../../../shared/connection.ts'
import { getJson, startServer } from '../../../support/app.ts'
import { type Client, connectClient } from '../../../support/clients.ts'
import { type Feed, openFeed } from '../../../support/feed.ts'
import { postJson } from '../../../support/life.ts'
import { readFile } from '../../../support/pcapng.ts'
import { type Dissected, dissect, tsharkTool } from '../../../support/tshark.ts'
import { isMissing, titleWith } from '../../../tools.ts'

const CAPTURE = 5_000
const COUNT = 100

const ENDS = ['none', 'client fin', 'client reset', 'server fin', 'server half', 'server reset', 'unread'] as const
type End = (typeof ENDS)[number]

interface Plan {
  family: 4 | 6
  /** The lengths of the client's writes, each of which is echoed before the next. */
  writes: number[]
  /** The server sends this after them. */
  sent: string
  end: End
}

const plans: fc.Arbitrary<Plan[]> = fc.array(
  fc.record({
    family: fc.constantFrom<4 | 6>(4, 6),
    writes: fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 10_000 })), { maxLength: 3 }),
    sent: fc.oneof(fc.constant(''), fc.string({ maxLength: 100 })),
    end: fc.constantFrom(...ENDS),
  }),
  { minLength: COUNT, maxLength: COUNT },
)

/** A client, and the streams of both directions as far as the test knows them. */
interface Played {
  plan: Plan
  client: Client
  id: number
  in: Buffer
  out: Buffer
}

async function download(app: App, id: number) {
  const response = await fetch(`http://127.0.0.1:${app.uiPort}/api/connections/${id}/pcapng`)
  const { status, headers } = response
  return { status, headers, file: Buffer.from(await response.arrayBuffer()) }
}

interface Exported {
  record: Connection
  file: Buffer
}

/** The files, and the records that they were made from: the kernel's account of a close may arrive between two requests. */
async function exportAll(app: App, ids: number[]): Promise<Exported[]> {
  const records = async () => {
    const { body } = await getJson<{ items: Connection[] }>(app, `/api/connections?state=any&limit=${COUNT}&sort=-id`)
    return ids.map((id) => body.items.find((item) => item.id === id) ?? expect.unreachable())
  }
  const closes = (all: Connection[]): string => JSON.stringify(all.map(({ close }) => close))
  for (;;) {
    const before = await records()
    const files: Buffer[] = []
    for (const id of ids) files.push((await download(app, id)).file)
    const after = await records()
    if (closes(before) !== closes(after)) continue
    return after.map((record, index) => ({ record, file: files[index] ?? expect.unreachable() }))
  }
}

function noise(length: number, seed: string): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, i) => {
    return createHash('sha512').update(`${seed} ${i}`).digest()
  })
  return Buffer.concat(blocks).subarray(0, length)
}

async function begin(app: App, feed: Feed, plan: Plan): Promise<Played> {
  const client = (await connectClient(app.port, { host: plan.family === 4 ? '127.0.0.1' : '::1' })).read()
  const greeting = `${await client.line()}\n`
  const { id } = await feed.connection('of this client', ({ remote, family }) => {
    return remote.port === client.local.port && family === plan.family
  })
  return { plan, client, id, in: Buffer.alloc(0), out: Buffer.from(greeting) }
}

async function play(app: App, feed: Feed, played: Played): Promise<void> {
  const { client, plan, id } = played
  for (const [index, length] of plan.writes.entries()) await echoed(played, noise(length, `${id} ${index}`))
  if (plan.sent !== '') {
    await postJson(app, `/api/connections/${id}/send`, { text: plan.sent })
    played.out = Buffer.concat([played.out, Buffer.from(plan.sent)])
    await client.bytes(played.out.length)
  }
  await end(app, played)
  if (plan.end !== 'none') await feed.closedOf(client.local.port)
}

async function echoed(played: Played, bytes: Buffer): Promise<void> {
  played.client.socket.write(bytes)
  played.in = Buffer.concat([played.in, bytes])
  played.out = Buffer.concat([played.out, bytes])
  expect(await played.client.bytes(played.out.length)).toHaveLength(played.out.length)
}

async function end(app: App, played: Played): Promise<void> {
  const { client, plan, id } = played
  const { socket } = client
  switch (plan.end) {
    case 'none':
      return
    case 'client fin':
      socket.end()
      return
    case 'client reset':
      socket.resetAndDestroy()
      return
    case 'unread':
      // The server writes more than the kernel takes, and never sends the rest.
      socket.pause()
      await postJson(app, `/api/connections/${id}/send`, { text: 'x'.repeat(100_000) })
      played.out = Buffer.concat([played.out, Buffer.alloc(100_000, 'x')])
      socket.resetAndDestroy()
      return
    case 'server half': {
      await postJson(app, `/api/connections/${id}/close`, { how: 'half' })
      if (!socket.readableEnded) await once(socket, 'end')
      const after = noise(500, `${id} after`)
      played.in = Buffer.concat([played.in, after])
      socket.end(after)
      return
    }
    default: {
      const how = plan.end === 'server fin' ? 'fin' : 'reset'
      await postJson(app, `/api/connections/${id}/close`, { how })
      await client.ended
      socket.destroy()
    }
  }
}

/** What Follow TCP Stream shows of a stream that is captured from an offset to its end: a note in place of missing bytes. */
function followedBytes(stream: Buffer, from: number): Buffer {
  const note = from > 0 && from < stream.length ? `[${from} bytes missing in capture file]\0` : ''
  return Buffer.concat([Buffer.from(note), stream.subarray(from)])
}

/** The offset of the first byte from this port. A stream that fits is captured from its beginning. */
function firstOffset(packets: Dissected[], isServer: boolean, port: number, stream: Buffer): number {
  const first = packets.find(({ fromPort, length }) => (fromPort === port) === isServer && length > 0)
  const offset = first === undefined ? stream.length : first.sequence - 1
  if (stream.length <= CAPTURE) expect(offset).toBe(0)
  return offset
}

const FLAGS = { FIN: 1, RST: 4 }
const sides = (packets: Dissected[], port: number, flag: keyof typeof FLAGS): [string, number][] =>
  packets
    .filter(({ flags }) => flags & FLAGS[flag])
    .map(({ fromPort, at }) => [fromPort === port ? 'server' : 'client', Math.round(at)])

/** Who sends FIN and RST in this plan, as far as the server can know. */
const ENDINGS: Record<End, { fin: string[]; reset: string[] }> = {
  none: { fin: [], reset: [] },
  'client fin': { fin: ['client', 'server'], reset: [] },
  'client reset': { fin: [], reset: ['client'] },
  // After its close(2) the server no longer sees the client's FIN.
  'server fin': { fin: ['server'], reset: [] },
  'server half': { fin: ['server', 'client'], reset: [] },
  'server reset': { fin: [], reset: ['server'] },
  unread: { fin: [], reset: ['client'] },
}

describe.skipIf(isMissing(tsharkTool))(titleWith('the pcapng files of connections', tsharkTool), () => {
  test(`of ${COUNT} are read by tshark, with the bytes, the FINs and the RSTs where they were`, async () => {
    const app = await startServer({ captureBytes: CAPTURE })
    await fc.assert(
      fc.asyncProperty(plans, (all) => checkAll(app, all)),
      { numRuns: 1, endOnFailure: true },
    )
  })
})

async function checkAll(app: App, all: Plan[]): Promise<void> {
  const feed = await openFeed(app.uiPort)
  const played = await Promise.all(all.map((plan) => begin(app, feed, plan)))
  await Promise.all(played.map((one) => play(app, feed, one)))
  const files = await exportAll(
    app,
    played.map(({ id }) => id),
  )
  // Sections may follow each other in one file, and one run of tshark reads them all.
  const { packets, followed } = await dissect(Buffer.concat(files.map(({ file }) => file)), COUNT, app.port)
  expect(followed.size).toBe(COUNT)
  expect(packets.filter(({ malformed, checksum }) => malformed || checksum !== 1)).toEqual([])
  const byStream = Map.groupBy(packets, ({ stream }) => stream)
  for (const [stream, { plan, ...sent }] of played.entries()) {
    const { record } = files[stream] ?? expect.unreachable()
    const own = byStream.get(stream) ?? []
    const what = JSON.stringify({ plan, close: record.close })
    const [fromClient, fromServer] = followed.get(stream) ?? expect.unreachable()
    // The server may have written bytes that it never sent.
    const out = sent.out.subarray(0, record.bytesOut)
    const [inFrom, outFrom] = [firstOffset(own, false, app.port, sent.in), firstOffset(own, true, app.port, out)]
    expect(fromClient.equals(followedBytes(sent.in, inFrom)), what).toBe(true)
    expect(fromServer.equals(followedBytes(out, outFrom)), what).toBe(true)
    const [fins, resets] = [sides(own, app.port, 'FIN'), sides(own, app.port, 'RST')]
    expect({ fin: fins.map(([side]) => side), reset: resets.map(([side]) => side) }, what).toEqual(ENDINGS[plan.end])
    for (const [side, at] of fins) {
      const recorded = side === 'client' ? record.halfClosedAt : record.finSentAt
      expect(at, what).toBe(recorded ?? record.close?.at)
    }
    for (const [, at] of resets) expect(at, what).toBe(record.close?.at)
    const complete = inFrom === 0 && outFrom === 0
    if (complete)
      expect(
        own.filter(({ notes }) => /unseen|captured|Retransmission|Duplicate|Out-Of-Order/i.test(notes)),
        what,
      ).toEqual([])
  }
}

test('the file is an attachment, of a live and of a closed connection alike', async () => {
  const app = await startServer()
  const feed = await openFeed(app.uiPort)
  const client = (await connectClient(app.port)).read()
  const greeting = await client.line()
  await feed.connection('of this client', ({ id }) => id === 1)
  const { status, headers, file } = await download(app, 1)
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/x-pcapng')
  expect(headers.get('content-disposition')).toBe('attachment; filename="oneport-1.pcapng"')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cache-control')).toBe('no-store')
  const live = readFile(file)
  expect(live.packets.map(({ flags }) => flags)).toEqual(['SYN', 'SYN ACK', 'ACK', 'PSH ACK', 'ACK'])
  expect(live.packets[3]).toMatchObject({ sourcePort: app.port, destinationPort: client.local.port })
  expect(String(live.packets[3]?.data)).toBe(`${greeting}\n`)

  client.socket.end()
  await feed.closedOf(client.local.port)
  const closed = readFile((await download(app, 1)).file)
  expect(closed.packets.slice(0, 5)).toEqual(live.packets)
  expect(closed.packets.slice(5).map(({ flags }) => flags)).toEqual(['FIN ACK', 'ACK', 'FIN ACK', 'ACK'])
})

test('without capture the file has the handshake and the end, and says that all bytes are missing', async () => {
  const app = await startServer({ captureBytes: 0 })
  const feed = await openFeed(app.uiPort)
  const client = (await connectClient(app.port)).read()
  const greeting = await client.line()
  client.socket.end('hello')
  await feed.closedOf(client.local.port)
  const { packets, comment } = readFile((await download(app, 1)).file)
  expect(packets.map(({ flags }) => flags)).toEqual(['SYN', 'SYN ACK', 'ACK', 'FIN ACK', 'ACK', 'FIN ACK', 'ACK'])
  expect(packets.every(({ data }) => data.length === 0)).toBe(true)
  expect(comment).toContain('All 5 bytes from the client are missing')
  expect(comment).toContain(`All ${greeting.length + 1 + 5} bytes from the server are missing`)
})
