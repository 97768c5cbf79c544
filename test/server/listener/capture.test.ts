import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { clock } from '../../../server/clock.ts'
import { listenersOfFile, startListener } from '../../support/listener.ts'

const listenerWith = listenersOfFile()

/** Bytes of every value, so that a misplaced one is noticed. */
function bytes(count: number, first = 0): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, i) => ((i + first) * 7) % 251))
}

const CAP = 10_000

describe('every byte is kept, in the chunk it came in', () => {
  test.for([1, 15, 16, 17, 33, 4_095, 4_096, 4_097, CAP])('%d bytes and their echo', async (count) => {
    const listener = await listenerWith({ captureBytes: CAP })
    const { client, id } = await listener.client()
    client.socket.write(bytes(count))
    await client.bytes(count)
    const captured = await listener.captured(id)
    expect(captured.bytes('in')).toEqual(bytes(count))
    expect(captured.bytes('out')).toEqual(bytes(count))
    expect(captured.from).toEqual({ in: 0, out: 0 })
    expect(captured.numbers).toEqual([1, 2])
  })

  test.for([
    ['discard', 0],
    ['silent', 0],
  ] as const)('%s: what came, and nothing that left', async ([behavior]) => {
    const listener = await listenerWith({ behavior })
    const { client, id } = await listener.client()
    client.socket.write(bytes(33))
    await listener.recordOf(id, ({ bytesIn }) => bytesIn === 33)
    const captured = await listener.captured(id)
    expect(captured.bytes('in')).toEqual(bytes(33))
    expect(captured.to.out).toBe(0)
  })

  test('chargen: what left, as the client got it', async () => {
    const listener = await listenerWith({ behavior: 'chargen' })
    const { client, id } = await listener.client()
    await listener.reading(id, true)
    client.socket.pause()
    const part = await listener.captured(id)
    client.socket.resume()
    const received = await client.bytes(part.to.out)
    expect(received.subarray(part.from.out, part.to.out)).toEqual(part.bytes('out'))
    client.socket.destroy()
  })

  test('chunks that come one after the other are never merged, and tell when they came', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    const before = clock.steady()
    for (let i = 1; i <= 50; i++) {
      client.socket.write('x')
      await client.bytes(i)
    }
    const { chunks } = await listener.captured(id)
    expect(chunks.map(([n, , direction, offset]) => [n, direction, offset])).toEqual(
      Array.from({ length: 100 }, (_, i) => [i + 1, i % 2 === 0 ? 'in' : 'out', i >> 1]),
    )
    const times = chunks.map(([, at]) => at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThanOrEqual(before)
    expect(times.at(-1)).toBeLessThanOrEqual(clock.steady())
  })

  test('100,000 writes of one byte: the newest of each direction, each where it belongs', async () => {
    const listener = await startListener({ captureBytes: 65_536 })
    const { client, id } = await listener.client()
    client.socket.setNoDelay(true)
    const sent = bytes(100_000)
    for (let i = 0; i < sent.length; i++) {
      if (!client.socket.write(sent.subarray(i, i + 1))) await once(client.socket, 'drain')
      if (i % 20 === 0) await turn()
    }
    await client.bytes(sent.length)
    const { chunksIn } = await listener.recordOf(id, ({ bytesOut }) => bytesOut === sent.length)
    const captured = await listener.captured(id)
    for (const direction of ['in', 'out'] as const) {
      expect(captured.to[direction]).toBe(sent.length)
      expect(captured.bytes(direction).equals(sent.subarray(-65_536))).toBe(true)
    }
    expect(captured.numbers.at(-1)).toBe(chunksIn * 2)
    expect(captured.numbers).toEqual(captured.numbers.toSorted((a, b) => a - b))
  }, 60_000)
})

describe('at most the newest --capture-bytes of each direction are kept', () => {
  test.for([
    [CAP + 1, 1],
    [CAP * 3 + 17, 1],
    [CAP - 1, 2],
    [700, 40],
    [1, 30],
  ] as const)('of writes of %d bytes, %d times', async ([size, times]) => {
    const captureBytes = size === 1 ? 10 : CAP
    const listener = await listenerWith({ captureBytes })
    const { client, id } = await listener.client()
    const sent = bytes(size * times)
    for (let i = 0; i < times; i++) {
      client.socket.write(sent.subarray(i * size, (i + 1) * size))
      await client.bytes((i + 1) * size)
    }
    const captured = await listener.captured(id)
    for (const direction of ['in', 'out'] as const) {
      expect(captured.to[direction]).toBe(sent.length)
      expect(captured.from[direction]).toBe(sent.length - captureBytes)
      expect(captured.bytes(direction)).toEqual(sent.subarray(-captureBytes))
    }
  })

  test('a direction that says much does not push the other one out', async () => {
    const listener = await listenerWith({ captureBytes: 1_000, behavior: 'discard' })
    const { client, id } = await listener.client()
    await listener.send([id], 'first')
    for (let i = 1; i <= 20; i++) {
      client.socket.write(bytes(999, i))
      await listener.recordOf(id, ({ bytesIn }) => bytesIn === i * 999)
    }
    const captured = await listener.captured(id)
    expect(captured.bytes('out').toString()).toBe('first')
    expect(captured.bytes('in')).toHaveLength(1_000)
    expect(captured.numbers[0]).toBe(1)
  })

  test('with none to be kept nothing is, and everything else works', async () => {
    const listener = await listenerWith({ captureBytes: 0, greeting: 'en' })
    const { client, id } = await listener.client()
    client.socket.write('SSH-2.0-x\r\n')
    await client.line()
    await listener.send([id], 'hello')
    expect(await listener.payload(id)).toBeNull()
    expect((await listener.recordOf(id, ({ protocol }) => protocol)).protocol).toEqual({
      name: 'SSH',
      serverName: null,
    })
  })
})

describe('the greeting', () => {
  test('is the first chunk of a connection that has said nothing else', async () => {
    const listener = await listenerWith({ greeting: 'en' })
    const { client, id } = await listener.client()
    const line = `${await client.line()}\n`
    const record = await listener.recordOf(id, ({ bytesOut }) => bytesOut === line.length)
    const { chunks, from, to } = await listener.captured(id)
    expect(chunks).toEqual([[1, record.openedAt, 'out', 0, Buffer.from(line).toString('base64')]])
    expect({ from, to }).toEqual({ from: { in: 0, out: 0 }, to: { in: 0, out: line.length } })
  })

  test('precedes later bytes exactly as it was sent, even after other clients came and went', async () => {
    const listener = await listenerWith({ greeting: 'en' })
    const others = [await listener.client(), await listener.client()]
    const { client, id } = await listener.client()
    await client.line()
    others[0]?.client.socket.destroy()
    const greeted = client.received.length
    client.socket.write('hello')
    await client.bytes(greeted + 5)
    const captured = await listener.captured(id)
    expect(captured.bytes('out')).toEqual(client.received)
    expect(captured.chunks.map(([n, , direction]) => [n, direction])).toEqual([
      [1, 'out'],
      [2, 'in'],
      [3, 'out'],
    ])
  })

  test('is still there when its connection has closed without another word', async () => {
    const listener = await listenerWith({ greeting: 'en' })
    const { client, id } = await listener.client()
    await client.line()
    client.socket.end()
    await listener.recordOf(id, ({ close }) => close)
    expect((await listener.captured(id)).bytes('out')).toEqual(client.received)
  })
})

test('an unknown connection has no bytes, nor has one without any traffic', async () => {
  const listener = await listenerWith()
  expect(await listener.payload(4_711)).toBeNull()
  const { client, id } = await listener.client()
  expect(await listener.payload(id)).toEqual({
    chunks: [],
    from: { in: 0, out: 0 },
    to: { in: 0, out: 0 },
    more: false,
  })
  client.socket.end()
  await listener.recordOf(id, ({ close }) => close)
  expect(await listener.payload(id)).toBeNull()
})

test('the bytes of a closed connection stay', async () => {
  const listener = await listenerWith()
  const { client, id } = await listener.client()
  client.socket.end('hello')
  await client.ended
  await listener.recordOf(id, ({ close }) => close)
  const captured = await listener.captured(id)
  expect([captured.bytes('in'), captured.bytes('out')].map(String)).toEqual(['hello', 'hello'])
})

test('a reader is a number: it gets what came after, part by part, and at least one chunk', async () => {
  const listener = await listenerWith({ behavior: 'discard' })
  const { client, id } = await listener.client()
  for (let i = 1; i <= 5; i++) {
    client.socket.write(bytes(100, i))
    await listener.recordOf(id, ({ bytesIn }) => bytesIn === i * 100)
  }
  const numbers = async (after: number, maxBytes: number): Promise<[number[], boolean | undefined]> => {
    const part = await listener.payload(id, after, maxBytes)
    return [part?.chunks.map(([n]) => n) ?? [], part?.more]
  }
  expect(await numbers(0, 1)).toEqual([[1], true])
  expect(await numbers(1, 300)).toEqual([[2, 3], true])
  expect(await numbers(3, 300)).toEqual([[4, 5], false])
  expect(await numbers(5, 300)).toEqual([[], false])
})

test('all connections together keep at most the total: the longest idle one loses its bytes first', async () => {
  const MIB = 1024 * 1024
  const listener = await startListener({ captureBytes: MIB })
  // Longer than the separate store for the first bytes of each connection.
  const early = Buffer.alloc(500, 'early')
  const quiet = await listener.client()
  const closed = await listener.client()
  for (const { client } of [quiet, closed]) {
    client.socket.write(early)
    await client.bytes(early.length)
  }
  closed.client.socket.destroy()
  await listener.recordOf(closed.id, ({ close }) => close)
  // 40 MiB in and 40 MiB out; 50 MiB fit beside the first bytes of all connections.
  const ids: number[] = []
  for (let i = 0; i < 40; i++) {
    const { client, id } = await listener.client()
    client.socket.end(Buffer.alloc(MIB, i))
    await listener.recordOf(id, ({ close }) => close)
    ids.push(id)
  }
  expect(await listener.payload(quiet.id)).toMatchObject({
    chunks: [],
    from: { in: early.length, out: early.length },
    to: { in: early.length, out: early.length },
  })
  expect(await listener.payload(closed.id)).toBeNull()
  const lengths = []
  for (const id of ids) lengths.push((await listener.captured(id)).lengths.in)
  const firstWhole = lengths.indexOf(MIB)
  expect(firstWhole).toBeGreaterThan(7)
  expect(lengths.slice(firstWhole).every((length) => length === MIB)).toBe(true)
  expect(lengths.slice(0, firstWhole - 1).every((length) => length === 0)).toBe(true)
  expect(lengths.slice(firstWhole).length).toBeGreaterThan(22)
})
