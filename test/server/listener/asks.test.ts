import { describe, expect, test } from 'vitest'
import { connectClients } from '../../support/clients.ts'
import { listenersOfFile, startListener } from '../../support/listener.ts'
import { kernelSockets } from '../../support/kernel-sockets.ts'
import { suspend } from '../../support/suspend.ts'

const listenerWith = listenersOfFile()

const ON_LINUX = process.platform === 'linux'
const MIB = 1024 * 1024

describe('send', () => {
  test('reaches one, some or all, and counts like any other bytes', async () => {
    const listener = await startListener()
    const [a, b, c] = [await listener.client(), await listener.client(), await listener.client()]
    expect(await listener.send([a.id], 'one ')).toEqual([[a.id, 0, null]])
    expect(await listener.send([a.id, c.id, a.id], 'some ')).toEqual([
      [a.id, 0, null],
      [c.id, 0, null],
    ])
    expect(await listener.send('all', Buffer.from([0, 255]))).toHaveLength(3)
    expect((await a.client.bytes(11)).toString('latin1')).toBe('one some \0ÿ')
    expect((await b.client.bytes(2)).toString('latin1')).toBe('\0ÿ')
    expect((await c.client.bytes(7)).toString('latin1')).toBe('some \0ÿ')
    const record = await listener.recordOf(a.id, ({ chunksOut }) => chunksOut === 3)
    expect(record).toMatchObject({ bytesOut: 11, bytesIn: 0 })
    expect((await listener.captured(a.id)).of('out').map(([n]) => n)).toEqual([1, 2, 3])
  })

  test('of nothing sends nothing', async () => {
    const listener = await listenerWith()
    const { id } = await listener.client()
    expect(await listener.send([id], '')).toEqual([[id, 0, null]])
    expect((await listener.payload(id))?.chunks).toEqual([])
  })

  test('is refused for one that never was, has closed, or has just been reset', async () => {
    const listener = await listenerWith()
    const [gone, reset, live] = [await listener.client(), await listener.client(), await listener.client()]
    gone.client.socket.destroy()
    await listener.recordOf(gone.id, ({ close }) => close)
    expect(await listener.close([reset.id], 'reset')).toEqual([[reset.id, 0, null]])
    expect(await listener.send([4_711, gone.id, reset.id, live.id], 'x')).toEqual([
      [4_711, 0, 'CONNECTION_CLOSED'],
      [gone.id, 0, 'CONNECTION_CLOSED'],
      [reset.id, 0, 'CONNECTION_CLOSED'],
      [live.id, 0, null],
    ])
  })

  test('counts its bytes as sent once the kernel has taken them, also where little waits and no drain follows', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    client.socket.pause()
    const block = Buffer.alloc(10_000, 'x')
    let sent = 0
    let waiting = 0
    while (waiting === 0) {
      const [outcome] = await listener.send([id], block)
      waiting = outcome?.[1] ?? 0
      sent += block.length
    }
    await listener.recordOf(id, ({ bytesOut }) => bytesOut === sent - waiting)
    client.socket.resume()
    await listener.recordOf(id, ({ bytesOut, chunksOut }) => bytesOut === sent && chunksOut === sent / block.length)
  })

  test('is refused once more than 1 MiB would wait for a peer that does not read, with the number of waiting bytes', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    client.socket.pause()
    const block = Buffer.alloc(400_000, 'x')
    let outcomes = await listener.send([id], block)
    let sent = block.length
    while (outcomes[0]?.[2] === null) {
      outcomes = await listener.send([id], block)
      if (outcomes[0]?.[2] === null) sent += block.length
    }
    const [, waiting, code] = outcomes[0] ?? expect.unreachable()
    expect(code).toBe('SEND_QUEUE_FULL')
    expect(waiting).toBeGreaterThan(MIB - block.length)
    expect(waiting).toBeLessThanOrEqual(MIB)
    // A small send still fits, and nothing accepted earlier is lost.
    expect(await listener.send([id], 'end')).toEqual([[id, waiting + 3, null]])
    client.socket.resume()
    const received = await client.bytes(sent + 3)
    expect(received).toHaveLength(sent + 3)
    expect(received.subarray(-3).toString()).toBe('end')
    expect(await listener.send([id], block)).toMatchObject([[id, expect.any(Number) as number, null]])
  })
})

describe('half-close', () => {
  test('sends FIN and keeps reading: the client’s bytes are counted, but not echoed', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    expect(await listener.close([id], 'half')).toEqual([[id, 0, null]])
    expect(await client.ended).toBe('fin')
    const half = await listener.recordOf(id, ({ finSentAt }) => finSentAt !== null)
    expect(half).toMatchObject({ state: 'open', halfClosedAt: null, close: null })
    client.socket.write('still here')
    expect(await listener.recordOf(id, ({ bytesIn }) => bytesIn === 10)).toMatchObject({ bytesOut: 0, chunksOut: 0 })
    expect(await listener.send([id], 'x')).toEqual([[id, 0, 'FIN_SENT']])
    expect(await listener.close([id], 'half')).toEqual([[id, 0, 'FIN_SENT']])
    client.socket.end()
    const { close } = await listener.recordOf(id, (record) => record.close)
    expect(close).toMatchObject({ by: 'server', how: 'fin', reset: null, code: null })
    expect((await listener.captured(id)).bytes('in').toString()).toBe('still here')
  })

  test('waits for what is still to be sent, and reads on although the echo had stopped', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    client.socket.pause()
    const flood = Buffer.alloc(12 * MIB, 'x')
    client.socket.write(flood)
    const full = await listener.recordOf(id, ({ bytesIn, bytesOut }) => bytesIn > bytesOut)
    const [outcome] = await listener.close([id], 'half')
    expect(outcome?.[2]).toBeNull()
    expect((await listener.recordOf(id, () => true)).finSentAt).toBeNull()
    client.socket.resume()
    await client.ended
    expect(client.received.length).toBeGreaterThanOrEqual(full.bytesOut)
    expect(client.received.every((byte) => byte === 0x78)).toBe(true)
    await listener.recordOf(id, ({ bytesIn, finSentAt }) => bytesIn === flood.length && finSentAt !== null)
  })
})

describe('close with fin', () => {
  test('sends what waits, then FIN, and is done with the connection', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    await listener.send([id], 'bye')
    expect(await listener.close([id], 'fin')).toEqual([[id, 0, null]])
    expect(await client.ended).toBe('fin')
    expect(client.received.toString()).toBe('bye')
    const { close, state } = await listener.recordOf(id, (record) => record.close)
    expect({ close, state }).toMatchObject({
      close: { by: 'server', how: 'fin', reset: null, code: null },
      state: 'closed',
    })
    // No socket receives further bytes of the client: the kernel answers with RST. After the server's FIN, Node notices that
    // only when it writes once more.
    await expect
      .poll(() => {
        if (!client.socket.destroyed) client.socket.write('anybody?')
        return client.socket.destroyed
      })
      .toBe(true)
    expect((await listener.recordOf(id, () => true)).bytesIn).toBe(0)
  })

  test('after a half-close ends what is left', async () => {
    const listener = await listenerWith()
    const { id } = await listener.client()
    await listener.close([id], 'half')
    await listener.recordOf(id, ({ finSentAt }) => finSentAt)
    expect(await listener.close([id], 'fin')).toEqual([[id, 0, null]])
    const { close } = await listener.recordOf(id, (record) => record.close)
    expect(close).toMatchObject({ by: 'server', how: 'fin' })
  })

  test('of a client that was first with its FIN: the peer was', async () => {
    const listener = await listenerWith({ behavior: 'silent' })
    const { client, id } = await listener.client()
    client.socket.end()
    await listener.recordOf(id, ({ halfClosedAt }) => halfClosedAt)
    await listener.close([id], 'fin')
    expect((await listener.recordOf(id, ({ close }) => close)).close).toMatchObject({ by: 'peer', how: 'fin' })
  })

  test('does not wait for ever in the way of a reset', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    client.socket.pause()
    while ((await listener.send([id], Buffer.alloc(MIB / 2)))[0]?.[2] === null);
    const [waits] = await listener.close([id], 'fin')
    expect(waits?.[1]).toBeGreaterThan(0)
    expect((await listener.recordOf(id, () => true)).close).toBeNull()
    expect((await listener.close([id], 'reset'))[0]?.[2]).toBeNull()
    expect((await listener.recordOf(id, ({ close }) => close)).close).toMatchObject({ by: 'server', how: 'reset' })
    client.socket.resume()
    expect(await client.ended).toBe('ECONNRESET')
  })
})

test('close with reset sends RST', async () => {
  const listener = await listenerWith()
  const { client, id } = await listener.client()
  expect(await listener.close([id], 'reset')).toEqual([[id, 0, null]])
  expect(await client.ended).toBe('ECONNRESET')
  const { close, finSentAt } = await listener.recordOf(id, (record) => record.close)
  expect(close).toMatchObject({ by: 'server', how: 'reset', reset: 'server', code: null })
  expect(finSentAt).toBeNull()
})

test('close with reset: a FIN that came before the RST ended the connection, although nobody has read it', async () => {
  const listener = await startListener({ behavior: 'silent' })
  const { client, id } = await listener.client()
  const { pid } = listener.table.get(id) ?? expect.unreachable()
  // The request waits for the listener process, and after it the FIN.
  const { resume } = await suspend(pid)
  const resetting = listener.close([id], 'reset')
  await new Promise<void>((sent) => client.socket.end('bye', sent))
  resume()
  expect(await resetting).toEqual([[id, 0, null]])
  const { close } = await listener.recordOf(id, (record) => record.close)
  expect(close).toMatchObject({ by: 'peer', how: 'fin', reset: 'server' })
})

test('closing an unknown or already closed connection is a result, not an error', async () => {
  const listener = await startListener()
  const clients = [await listener.client(), await listener.client(), await listener.client()]
  const ids = clients.map(({ id }) => id)
  const all = await Promise.all([
    listener.close('all', 'fin'),
    listener.close([...ids, 99], 'reset'),
    listener.close([-1, 1.5, 0], 'half'),
    listener.send('all', 'late'),
  ])
  // On a busy machine the second request may reach some of them first.
  for (const [, , code] of all[0] ?? []) expect([null, 'CONNECTION_CLOSED']).toContain(code)
  expect(all[2]?.map(([, , code]) => code)).toEqual(Array(3).fill('CONNECTION_CLOSED'))
  for (const id of ids) {
    const { close } = await listener.recordOf(id, (record) => record.close)
    // A FIN sent before the reset was requested has already ended the connection.
    const refused = all[1]?.find(([outcomeId]) => outcomeId === id)?.[2]
    expect(close).toMatchObject({ by: 'server', reset: refused === null ? 'server' : null })
  }
  const later = await listener.client()
  expect(await listener.send([later.id], 'well')).toEqual([[later.id, 0, null]])
})

test('a thousand are closed at once, and clients that connect meanwhile are served', async () => {
  const listener = await startListener({ greeting: 'en' })
  const clients = await connectClients(1_000, listener.port)
  await listener.until(({ table }) => table.counters.live === 1_000)
  const [outcomes, newcomer] = await Promise.all([listener.close('all', 'reset'), listener.client()])
  expect(outcomes.length).toBeGreaterThanOrEqual(1_000)
  expect(outcomes.every(([, , code]) => code === null)).toBe(true)
  expect(new Set(await Promise.all(clients.map((client) => client.ended)))).toEqual(new Set(['ECONNRESET']))
  expect(newcomer.id).toBeGreaterThan(1_000)
})

describe.skipIf(!ON_LINUX)('reading that has been stopped by hand', () => {
  test('leaves every byte in the kernel, until it is restarted', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    expect(await listener.reading(id, true)).toEqual([id, 0, null])
    expect((await listener.recordOf(id, ({ readingPaused }) => readingPaused)).bytesIn).toBe(0)
    client.socket.write('hello')
    await queued(listener.port, client.local.port, 5)
    expect((await listener.captured(id)).to.in).toBe(0)
    await listener.reading(id, true)
    expect(await listener.reading(id, false)).toEqual([id, 0, null])
    expect((await client.bytes(5)).toString()).toBe('hello')
    await listener.recordOf(id, ({ readingPaused, bytesIn }) => !readingPaused && bytesIn === 5)
    client.socket.end('!')
    await client.ended
    expect(client.received.toString()).toBe('hello!')
  })

  test('stays stopped when the echo has room again, and the echo still waits when it is restarted', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    client.socket.pause()
    const flood = Buffer.alloc(16 * MIB, 'x')
    client.socket.end(flood)
    await listener.recordOf(id, ({ bytesIn, bytesOut }) => bytesIn > bytesOut)
    await listener.reading(id, true)
    const { bytesIn } = await listener.recordOf(id, ({ readingPaused }) => readingPaused)
    client.socket.resume()
    // The echo of all bytes read so far; it empties the send queue.
    await client.bytes(bytesIn)
    await listener.recordOf(id, ({ bytesOut }) => bytesOut === bytesIn)
    expect((await listener.captured(id)).to).toEqual({ in: bytesIn, out: bytesIn })
    await listener.reading(id, false)
    await client.ended
    expect(client.received.equals(flood)).toBe(true)
  })

  test('does not keep a FIN or a reset of ours from leaving', async () => {
    const listener = await listenerWith()
    const [a, b] = [await listener.client(), await listener.client()]
    for (const { id } of [a, b]) await listener.reading(id, true)
    await listener.close([a.id], 'fin')
    await listener.close([b.id], 'reset')
    expect(await a.client.ended).toBe('fin')
    expect(await b.client.ended).toBe('ECONNRESET')
  })

  test('does not hide that the client has reset the connection', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    await listener.reading(id, true)
    client.socket.resetAndDestroy()
    const { close } = await listener.recordOf(id, (record) => record.close)
    expect(close).toMatchObject({ by: 'peer', how: 'reset', reset: 'peer', code: 'ECONNRESET' })
  })

  test('loses nothing of what came before the connection was over', async () => {
    const listener = await listenerWith({ behavior: 'discard' })
    const { client, id } = await listener.client()
    await listener.reading(id, true)
    await listener.close([id], 'half')
    client.socket.end('last words')
    const record = await listener.recordOf(id, ({ close }) => close)
    expect(record).toMatchObject({ bytesIn: 10, close: { by: 'server', how: 'fin' } })
  })

  test('is refused for a connection that is not there', async () => {
    const listener = await listenerWith()
    expect(await listener.reading(4_711, true)).toEqual([4_711, 0, 'CONNECTION_CLOSED'])
  })
})

/** Resolves once this many bytes of the client are in the server socket's receive queue. */
async function queued(port: number, clientPort: number, bytes: number): Promise<void> {
  const recvQueue = async () => (await kernelSockets(port)).find(({ remote }) => remote.port === clientPort)?.recvQueue
  await expect.poll(recvQueue).toBe(bytes)
}
