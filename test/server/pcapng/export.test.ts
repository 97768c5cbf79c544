import { describe, expect, test } from 'vitest'
import { exportPcapng } from '../../../server/pcapng/export.ts'
import { SEGMENT_BYTES } from '../../../server/pcapng/packet.ts'
import type { Connection } from '../../../shared/connection.ts'
import type { Direction, PayloadChunk, PayloadExtent } from '../../../shared/payload.ts'
import { type Packet, readFile } from '../../support/pcapng.ts'
import { connection } from '../../web/live/rows.ts'

const OPENED = 1_000
const CONNECTION: Connection = connection(3, {
  local: { address: '127.0.0.1', port: 8080 },
  remote: { address: '127.0.0.2', port: 50_000 },
  openedAt: OPENED,
  lastActivityAt: OPENED,
})

function chunk(n: number, at: number, direction: Direction, offset: number, bytes: Buffer | string): PayloadChunk {
  return { n, at, direction, offset, data: Buffer.from(bytes).toString('base64') }
}

const extent = (from: [number, number], to: [number, number]): PayloadExtent => {
  return { from: { in: from[0], out: from[1] }, to: { in: to[0], out: to[1] } }
}

async function* listed(pieces: PayloadChunk[][]): AsyncGenerator<{ chunks: PayloadChunk[] }> {
  for (const chunks of pieces) yield { chunks }
}

async function all(file: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const parts: Buffer[] = []
  for await (const part of file) parts.push(part)
  return parts
}

async function exported(record: Partial<Connection>, kept: PayloadExtent | null, ...pieces: PayloadChunk[][]) {
  const parts = await all(exportPcapng({ ...CONNECTION, ...record }, kept, listed(pieces), '1.2.3'))
  return { parts: parts.length, ...readFile(Buffer.concat(parts)) }
}

/** A packet as `in SYN 0 0 …`: who sent it, its flags, relative sequence numbers, its time after the accept and its bytes. */
function drawn(packets: Packet[]): string[] {
  const first = (port: number) => packets.find(({ sourcePort }) => sourcePort === port)?.sequence ?? 0
  return packets.map(({ at, sourcePort, destinationPort, sequence, acknowledged, flags, data }) => {
    const ack = flags.includes('ACK') ? (acknowledged - first(destinationPort)) >>> 0 : '-'
    const numbers = `${(sequence - first(sourcePort)) >>> 0}/${ack}`
    const time = Number(at) / 1_000 - OPENED
    return `${sourcePort === 8080 ? 'out' : 'in'} ${flags} ${numbers} +${time} ${data.toString()}`.trimEnd()
  })
}

const HANDSHAKE = ['in SYN 0/- +0', 'out SYN ACK 0/1 +0', 'in ACK 1/1 +0']
const close = { at: OPENED + 90, by: 'peer', how: 'fin', reset: null, code: null, evidence: null } as const

test('a whole conversation is a handshake, every chunk with its ACK, and both FINs, each at its time', async () => {
  const record = { bytesIn: 5, bytesOut: 9, halfClosedAt: OPENED + 80, state: 'closed', close } as const
  const { packets, comment, parts } = await exported(
    record,
    extent([0, 0], [5, 9]),
    [chunk(1, OPENED + 1, 'out', 0, 'hello'), chunk(2, OPENED + 20, 'in', 0, 'abc')],
    [chunk(3, OPENED + 30, 'in', 3, 'de'), chunk(4, OPENED + 85, 'out', 5, 'late')],
  )
  expect(drawn(packets)).toEqual([
    ...HANDSHAKE,
    'out PSH ACK 1/1 +1 hello',
    'in ACK 1/6 +1',
    'in PSH ACK 1/6 +20 abc',
    'out ACK 6/4 +20',
    'in PSH ACK 4/6 +30 de',
    'out ACK 6/6 +30',
    'in FIN ACK 6/6 +80',
    'out ACK 6/7 +80',
    'out PSH ACK 6/7 +85 late',
    'in ACK 7/10 +85',
    'out FIN ACK 10/7 +90',
    'in ACK 7/11 +90',
  ])
  // The head, two pieces, and the FIN after them.
  expect(parts).toBe(4)
  expect(comment).toContain('Connection 3 of oneport: client 127.0.0.2:50000, server 127.0.0.1:8080.')
  expect(comment).toContain('not a capture from the network')
  expect(comment).not.toContain('missing')
  expect(packets.map(({ comment }) => comment)).toEqual(packets.map(() => null))
})

test('a chunk that is too long for a packet takes several, and only the last one pushes', async () => {
  const bytes = Buffer.from(Array.from({ length: 150_000 }, (_, at) => at % 251))
  const { packets } = await exported({}, extent([0, 0], [150_000, 0]), [chunk(1, OPENED, 'in', 0, bytes)])
  const sent = packets.slice(3).filter(({ sourcePort }) => sourcePort === 50_000)
  expect(sent.map(({ data }) => data.length)).toEqual([SEGMENT_BYTES, SEGMENT_BYTES, 150_000 - 2 * SEGMENT_BYTES])
  expect(sent.map(({ flags }) => flags)).toEqual(['ACK', 'ACK', 'PSH ACK'])
  expect(Buffer.concat(sent.map(({ data }) => data)).equals(bytes)).toBe(true)
})

describe('what is missing leaves a gap in the sequence numbers, and a comment:', () => {
  test('bytes that are no longer kept', async () => {
    const { packets, comment } = await exported({}, extent([700, 0], [705, 2]), [
      chunk(8, OPENED, 'in', 700, 'later'),
      chunk(9, OPENED, 'out', 0, 'ok'),
    ])
    expect(drawn(packets).slice(3)).toEqual([
      'in PSH ACK 701/1 +0 later',
      'out ACK 1/706 +0',
      'out PSH ACK 1/706 +0 ok',
      'in ACK 706/3 +0',
    ])
    expect(packets[3]?.comment).toBe('Bytes 0 to 699 of this direction are missing.')
    expect(packets[4]?.comment).toBe(null)
    expect(comment).toContain('The first 700 bytes from the client are missing')
    expect(comment).not.toContain('from the server are')
  })

  test('bytes that were dropped during the download', async () => {
    const kept = extent([0, 0], [20, 0])
    const { packets } = await exported({}, kept, [chunk(1, 1, 'in', 0, 'abc')], [chunk(4, 1, 'in', 10, 'k')])
    expect(drawn(packets.slice(5))).toHaveLength(2)
    expect((packets[5]?.sequence ?? 0) - (packets[3]?.sequence ?? 0)).toBe(10)
    expect(packets[5]?.comment).toBe('Bytes 3 to 9 of this direction are missing.')
  })

  test('all bytes, where none are kept', async () => {
    const record = { bytesIn: 10, bytesOut: 20, halfClosedAt: OPENED + 80, state: 'closed', close } as const
    const { packets, comment } = await exported(record, null)
    expect(drawn(packets)).toEqual([
      ...HANDSHAKE,
      'in FIN ACK 11/1 +80',
      'out ACK 1/12 +80',
      'out FIN ACK 21/12 +90',
      'in ACK 12/22 +90',
    ])
    expect(comment).toContain('All 10 bytes from the client are missing')
    expect(comment).toContain('All 20 bytes from the server are missing')
  })

  test('bytes that the server did not read before RST', async () => {
    const evidence = { source: 'both', certain: true, bytesReceived: 30, bytesAcked: 0, unread: 26, unsent: 0 } as const
    const times = { retransmits: 0, rttMs: 0, busyMs: 0, windowLimitedMs: 0, bufferLimitedMs: 0 }
    const ending = { ...close, how: 'reset', reset: 'peer', evidence: { ...evidence, ...times } } as const
    const { packets, comment } = await exported(
      { bytesIn: 4, state: 'closed', close: ending },
      extent([0, 0], [4, 0]),
      [chunk(1, OPENED, 'in', 0, 'read')],
    )
    expect(drawn(packets).slice(5)).toEqual(['in RST ACK 31/1 +90'])
    expect(comment).toContain('The last 26 bytes from the client are missing: the server did not read them.')
  })

  test('more than 2 GiB, of which the sequence numbers can skip only the rest', async () => {
    const from = 5 * 2 ** 31 + 7
    const { packets } = await exported({}, extent([from, 0], [from + 1, 0]), [chunk(8, OPENED, 'in', from, 'x')])
    expect(drawn(packets).slice(3)).toEqual(['in PSH ACK 8/1 +0 x', 'out ACK 1/9 +0'])
    expect(packets[3]?.comment).toContain(`The sequence numbers skip only 7 of these ${from} bytes.`)
  })
})

test('bytes that the server wrote and never sent are left out', async () => {
  const ending = { ...close, how: 'reset', reset: 'peer' } as const
  const { packets, comment } = await exported(
    { bytesOut: 4, state: 'closed', close: ending },
    extent([0, 0], [0, 10]),
    [chunk(1, OPENED, 'out', 0, 'sent, no'), chunk(2, OPENED, 'out', 8, 't.')],
  )
  expect(drawn(packets).slice(3)).toEqual(['out PSH ACK 1/1 +0 sent', 'in ACK 1/5 +0', 'in RST ACK 1/5 +90'])
  expect(comment).toContain('The last 6 bytes that the server wrote are left out: they were never sent.')
})

test('the file of a live connection ends where its captured bytes ended when the download began', async () => {
  let asked = 0
  async function* endless(): AsyncGenerator<{ chunks: PayloadChunk[] }> {
    for (;;) yield { chunks: [chunk(++asked, OPENED, 'in', asked - 1, 'x')] }
  }
  const parts = await all(exportPcapng(CONNECTION, extent([0, 0], [5, 0]), endless(), '1'))
  const { packets, comment } = readFile(Buffer.concat(parts))
  expect(packets).toHaveLength(3 + 2 * 5)
  expect(asked).toBe(5)
  expect(comment).toContain('was open when this file was written')
})

test('a connection that ended without a FIN or RST says how', async () => {
  const ending = { ...close, by: 'system', how: 'timeout', code: 'ETIMEDOUT' } as const
  const { packets, comment } = await exported({ state: 'closed', close: ending }, extent([0, 0], [0, 0]))
  expect(drawn(packets)).toEqual(HANDSHAKE)
  expect(comment).toContain('ended without a known FIN or RST: timeout (ETIMEDOUT).')
})
