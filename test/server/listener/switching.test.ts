import { describe, expect, test } from 'vitest'
import { connectClient } from '../../support/clients.ts'
import { type Listener, listenersOfFile, startListener } from '../../support/listener.ts'

const listenerWith = listenersOfFile()

// A behavior that is changed while it serves.

/** Writes until neither side reads any more: the echo fills the queues of both directions. */
async function fill(listener: Listener) {
  const client = await connectClient(listener.port)
  const { id } = await listener.record(({ remote }) => remote.port === client.local.port)
  // More than the kernel's buffers take.
  const sent = 48 * 1024 * 1024
  client.socket.write(Buffer.alloc(sent))
  let before = -1
  const total = () => listener.table.get(id)?.progress.bytesIn ?? 0
  while (total() === 0 || total() !== before) {
    before = total()
    // Three others are served meanwhile.
    for (let i = 0; i < 3; i++) {
      const other = await listener.client()
      other.client.socket.destroy()
      await listener.recordOf(other.id, ({ close }) => close)
    }
  }
  expect(before).toBeLessThan(sent)
  return { client, id, sent }
}

describe('the behavior of one connection', () => {
  test('serves its next bytes, and no other connection', async () => {
    const listener = await listenerWith({ behavior: 'silent' })
    const one = await listener.client()
    const other = await listener.client()
    one.client.socket.write('unheard')
    other.client.socket.write('unheard')
    await listener.recordOf(one.id, ({ bytesIn }) => bytesIn === 7)
    expect(await listener.behavior(one.id, 'echo')).toEqual([one.id, 0, null])
    await listener.recordOf(one.id, ({ behavior }) => behavior === 'echo')
    one.client.socket.write('heard')
    expect((await one.client.bytes(5)).toString()).toBe('heard')
    expect(await listener.recordOf(other.id, ({ bytesIn }) => bytesIn === 7)).toMatchObject({
      behavior: null,
      bytesOut: 0,
    })
  })

  test('stays when the port’s changes, until the connection follows the port again', async () => {
    const listener = await startListener({ behavior: 'discard' })
    const { client, id } = await listener.client()
    await listener.behavior(id, 'echo')
    await listener.supervisor.setBehavior({ behavior: 'silent', rules: [] })
    client.socket.write('a')
    expect((await client.bytes(1)).toString()).toBe('a')
    await listener.behavior(id, null)
    await listener.recordOf(id, ({ behavior }) => behavior === null)
    client.socket.write('b')
    const { bytesOut } = await listener.recordOf(id, ({ bytesIn }) => bytesIn === 2)
    expect(bytesOut).toBe(1)
  })

  test('cannot be chosen once it has closed', async () => {
    const listener = await listenerWith()
    const { client, id } = await listener.client()
    client.socket.end()
    await listener.recordOf(id, ({ close }) => close)
    expect(await listener.behavior(id, 'silent')).toEqual([id, 0, 'CONNECTION_CLOSED'])
  })
})

describe('a change of the port’s behavior', () => {
  test('reaches live connections and newcomers', async () => {
    const listener = await startListener({ behavior: 'silent' })
    const { client, id } = await listener.client()
    await listener.supervisor.setBehavior({ behavior: 'echo', rules: [] })
    client.socket.write('live')
    expect((await client.bytes(4)).toString()).toBe('live')
    const newcomer = await listener.client()
    newcomer.client.socket.write('new')
    expect((await newcomer.client.bytes(3)).toString()).toBe('new')
    expect(listener.table.get(id)?.progress.behavior).toBe(null)
  })

  test('is the last one asked for', async () => {
    const listener = await startListener({ behavior: 'silent' })
    const { client } = await listener.client()
    const names = ['chargen', 'discard', 'chargen', 'silent', 'echo'] as const
    await Promise.all(names.map((name) => listener.supervisor.setBehavior({ behavior: name, rules: [] })))
    // What chargen has sent may still be on its way; it never sends a zero.
    client.socket.write('\0')
    await expect.poll(() => client.received.at(-1)).toBe(0)
  })
})

describe('what the old behavior left behind', () => {
  test('chargen stops, and starts again when it is chosen again', async () => {
    const listener = await listenerWith({ behavior: 'chargen' })
    const { client, id } = await listener.client()
    await client.bytes(100_000)
    await listener.behavior(id, 'discard')
    // All that was under way has arrived when the byte after it has.
    await listener.send([id], '\0')
    while (!client.received.includes(0)) await client.bytes(client.received.length + 1)
    const { length } = client.received
    client.socket.write('counted')
    const { bytesOut } = await listener.recordOf(id, ({ bytesIn }) => bytesIn === 7)
    expect(bytesOut).toBe(length)
    await listener.behavior(id, null)
    await client.bytes(length + 100_000)
  })

  test.for(['discard', 'silent'] as const)('an echo that waits for room is read by %s', async (behavior) => {
    const listener = await listenerWith({ behavior: 'echo' })
    const { id, sent } = await fill(listener)
    await listener.behavior(id, behavior)
    await listener.recordOf(id, ({ bytesIn }) => bytesIn === sent)
  })

  test('an echo that waits for room waits on as an echo, and echoes every byte once there is room', async () => {
    const listener = await listenerWith({ behavior: 'echo' })
    const { client, id, sent } = await fill(listener)
    const before = listener.table.get(id)?.progress.bytesIn
    for (let i = 0; i < 20; i++) expect((await listener.behavior(id, 'echo'))[2]).toBe(null)
    expect(listener.table.get(id)?.progress.bytesIn).toBe(before)
    let received = 0
    client.socket.on('data', ({ length }: Buffer) => void (received += length))
    await listener.recordOf(id, ({ bytesIn }) => bytesIn === sent)
    await expect.poll(() => received, { timeout: 10_000 }).toBe(sent)
  })

  test('reading that was stopped on request stays stopped', async () => {
    const listener = await listenerWith({ behavior: 'echo' })
    const { client, id } = await listener.client()
    await listener.reading(id, true)
    await listener.behavior(id, 'discard')
    client.socket.write('waits')
    await listener.send([id], '!')
    await client.bytes(1)
    expect(listener.table.get(id)?.progress.bytesIn).toBe(0)
    await listener.reading(id, false)
    await listener.recordOf(id, ({ bytesIn }) => bytesIn === 5)
  })

  test.for(['echo', 'discard', 'chargen'] as const)(
    'a FIN that silent left unanswered is answered by %s, with nothing before it',
    async (behavior) => {
      const listener = await startListener({ behavior: 'silent' })
      const { client, id } = await listener.client()
      client.socket.end('bye')
      await listener.recordOf(id, ({ state }) => state === 'half-closed')
      await listener.supervisor.setBehavior({ behavior, rules: [] })
      expect(await client.ended).toBe('fin')
      const { close } = await listener.recordOf(id, ({ state }) => state === 'closed')
      expect(close).toMatchObject({ by: 'peer', how: 'fin', reset: null })
      expect(client.received).toHaveLength(0)
    },
  )
})
