import fc from 'fast-check'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Payloads } from '../../../server/listener/payloads.ts'
import { Needle, searchStreams, type StreamChunk } from '../../../server/listener/search.ts'
import { startListener } from '../../support/listener.ts'

const MIB = 1024 * 1024

/** Adds a client's chunk that is too long for the ring of first chunks. */
function keepIn(payloads: Payloads, id: number, chunk: Buffer): void {
  payloads.keep(null, id, 1, 0, 'in', chunk, 0, 0)
}

const chunk = (offset: number, text: string, fields: Partial<StreamChunk> = {}): StreamChunk => {
  return { id: 1, direction: 'in', offset, bytes: Buffer.from(text), ...fields }
}

test('a text is found where it is, in whatever chunks it arrived', async () => {
  // Few letters, so that texts repeat themselves.
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'é', ' ') })
  await fc.assert(
    fc.asyncProperty(
      fc.array(letters),
      fc.array(
        letters.filter((text) => text !== ''),
        { minLength: 1, maxLength: 3 },
      ),
      async (parts, texts) => {
        let offset = 0
        const chunks = parts.map((part) => {
          const one = chunk(offset, part)
          offset += one.bytes.length
          return one
        })
        const fold = (text: string): string => text.replaceAll('A', 'a')
        const expected = texts.map((text) => (fold(parts.join('')).includes(fold(text)) ? [1] : []))
        expect(await searchStreams(chunks, texts)).toEqual(expected)
      },
    ),
  )
})

test('a text is not put together from two directions, two connections, or what is left on both sides of dropped bytes', async () => {
  const apart = [
    [chunk(0, 'GE'), chunk(0, 'T', { direction: 'out' })],
    [chunk(0, 'GE'), chunk(0, 'T', { id: 2 })],
    [chunk(0, 'GE'), chunk(3, 'T')],
  ] satisfies StreamChunk[][]
  for (const chunks of apart) expect(await searchStreams(chunks, ['get'])).toEqual([[]])
  expect(await searchStreams([chunk(0, 'GE'), chunk(9, 'x', { id: 2 }), chunk(2, 'T')], ['get', 'X'])).toEqual([
    [1],
    [2],
  ])
})

test('a text that repeats itself is searched in linear time', () => {
  const needle = new Needle(`${'a'.repeat(1_999)}b`)
  const { user: before } = process.threadCpuUsage()
  expect(needle.advance(0, Buffer.alloc(MIB, 'a'))).toBe(1_999)
  // Comparing at each place would take two billion steps.
  expect((process.threadCpuUsage().user - before) / 1_000).toBeLessThan(500)
})

test('64 MiB are searched in short turns while more arrive, and the search ends', async () => {
  const payloads = new Payloads(64 * 1024)
  const block = Buffer.alloc(64 * 1024, 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n')
  const last = Buffer.from(block)
  last.write('needle', block.length - 6)
  for (let id = 1; id <= 900; id++) keepIn(payloads, id, id === 900 ? last : block)
  const cpuMs = (): number => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1_000
  }
  let [searching, longest, total, turns, id] = [true, 0, 0, 0, 900]
  const answer = searchStreams(payloads.streams(), ['needle', 'HTTP/2']).finally(() => (searching = false))
  while (searching) {
    const before = cpuMs()
    await turn()
    const took = cpuMs() - before
    longest = Math.max(longest, took)
    total += took
    keepIn(payloads, ++id, block)
    turns++
  }
  expect(await answer).toEqual([[900], []])
  expect(turns).toBeGreaterThan(10)
  // A slice is 5 ms of at least 100. On a busy machine a turn takes longer, and so does the whole search.
  expect(longest).toBeLessThan(total / 3)
})

describe('the listener process', () => {
  const search = async (listener: Awaited<ReturnType<typeof startListener>>, ...texts: string[]) =>
    (await listener.supervisor.ask({ what: 'search', texts })) ?? expect.unreachable()

  test('finds what a client sent and what the server sent, of live and of closed connections', async () => {
    const listener = await startListener()
    const [a, b, c] = [await listener.client(), await listener.client(), await listener.client()]
    a.client.socket.write('GE')
    await a.client.bytes(2)
    a.client.socket.write('T /')
    await a.client.bytes(3)
    b.client.socket.write(Buffer.concat([Buffer.alloc(5_000, 'x'), Buffer.from('Get')]))
    await b.client.bytes(5_003)
    await listener.send([c.id], 'Привет')
    b.client.socket.destroy()
    await listener.recordOf(b.id, ({ close }) => close)
    expect(await search(listener, 'get', 'Привет', 'nothing')).toEqual([[a.id, b.id], [c.id], []])
  })

  test('finds a greeting that is not captured yet', async () => {
    const listener = await startListener({ greeting: 'en' })
    const { id } = await listener.client()
    expect(await search(listener, 'you are')).toEqual([[id]])
  })

  test('finds only what is kept', async () => {
    const listener = await startListener({ behavior: 'discard', captureBytes: 1_000 })
    const { client, id } = await listener.client()
    client.socket.write(`first ${'x'.repeat(3_000)} last`)
    await listener.recordOf(id, ({ bytesIn }) => bytesIn === 3_011)
    expect(await search(listener, 'first', 'last')).toEqual([[], [id]])
  })

  test('finds nothing without capture', async () => {
    const listener = await startListener({ captureBytes: 0, greeting: 'en' })
    await listener.client()
    expect(await search(listener, 'you')).toEqual([[]])
  })
})
