import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { clientFinFirst, loadClientFin } from '../../../server/listener/client-fin.ts'
import { Ending } from '../../../server/listener/ending.ts'
import { stopReading } from '../../../server/listener/handle.ts'
import { listenTo } from '../../../server/listener/socket-events.ts'

function failed(code: string): unknown[] {
  const ending = new Ending(new Socket())
  ending.fail(code)
  return accountOf(ending)
}

/** Who ended it, how, who sent RST, and the code. */
function accountOf(ending: Ending): unknown[] {
  return ending.fact(1).slice(2, 6)
}

/** A connected socket with its ending, and the client's events. */
async function connected(): Promise<{ client: Socket; socket: Socket; ending: Ending; events: string[] }> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  const [socket] = (await once(server, 'connection')) as [Socket]
  onTestFinished(() => {
    for (const each of [client, socket]) each.destroy()
    server.close()
  })
  const events: string[] = []
  client.resume().on('end', () => events.push('end'))
  client.on('error', ({ code }: NodeJS.ErrnoException) => events.push(code ?? ''))
  const ending = new Ending(socket)
  const nothing = (): void => {}
  const handlers = { onData: nothing, onDrain: nothing, onEnd: nothing, onError: nothing, onTimeout: nothing }
  listenTo(socket, { ...handlers, onClose: nothing, onFinish: () => ending.finSent() }, 0)
  return { client, socket, ending, events }
}

test('an error tells who sent RST: the client, or our own kernel, which was told to end the connection', () => {
  expect(failed('ECONNRESET')).toEqual(['peer', 'reset', 'peer', 'ECONNRESET'])
  expect(failed('EPIPE')).toEqual(['peer', 'fin', 'peer', 'EPIPE'])
  expect(failed('ECONNABORTED')).toEqual(['system', 'error', 'server', 'ECONNABORTED'])
  expect(failed('EHOSTUNREACH')).toEqual(['system', 'error', null, 'EHOSTUNREACH'])
})

test('only close(2) is due once our FIN has been sent, and the FIN is sent once', async () => {
  const { socket, ending, events } = await connected()
  ending.begin('server')
  ending.sendFin()
  ending.sendFin()
  ending.closing = true
  expect([ending.closeIsDue, ending.finSentAt]).toEqual([false, null])
  await once(socket, 'finish')
  expect([ending.closeIsDue, ending.finSentAt]).toEqual([true, expect.any(Number)])
  await expect.poll(() => events).toEqual(['end'])
})

test('RST while our FIN is being sent follows it', async () => {
  const { client, socket, ending } = await connected()
  ending.begin('server')
  ending.sendFin()
  ending.sendReset()
  expect([socket.destroyed, accountOf(ending)]).toEqual([false, ['server', 'fin', 'server', null]])
  await once(socket, 'close')
  // Without the RST, the first write would still succeed.
  const error = await new Promise((resolve) => client.write('x', resolve))
  expect(error).toMatchObject({ syscall: 'write' })
})

test('RST is sent at once before any FIN', async () => {
  const { socket, ending, events } = await connected()
  ending.sendReset()
  expect([socket.destroyed, accountOf(ending)]).toEqual([true, ['server', 'reset', 'server', null]])
  await expect.poll(() => events).toEqual(['ECONNRESET'])
})

describe.skipIf(process.platform !== 'linux')('right before our RST', () => {
  beforeAll(loadClientFin)

  test('the kernel tells of a FIN of the client that nobody has read', async () => {
    const { client, socket, ending } = await connected()
    stopReading(socket)
    client.end('data')
    await expect.poll(() => clientFinFirst(socket)).toBe(true)
    ending.sendReset()
    expect(ending.fact(1).slice(2)).toEqual(['peer', 'fin', 'server', null, false])
  })

  test('the kernel tells that no FIN has come', async () => {
    const { client, socket, ending } = await connected()
    client.write('data')
    await once(socket, 'data')
    expect(clientFinFirst(socket)).toBe(false)
    ending.sendReset()
    expect(accountOf(ending)).toEqual(['server', 'reset', 'server', null])
  })

  test('a FIN of the client is possible if the process stood still after the question', async () => {
    const { socket, ending } = await connected()
    standStill(socket)
    ending.sendReset()
    expect(ending.fact(1).slice(2)).toEqual(['server', 'reset', 'server', null, true])
  })

  test('after our own FIN, a later FIN of the client changes nothing', async () => {
    const { socket, ending } = await connected()
    ending.begin('server')
    ending.sendFin()
    await once(socket, 'finish')
    standStill(socket)
    ending.sendReset()
    expect(ending.fact(1).slice(2)).toEqual(['server', 'fin', 'server', null, false])
  })
})

/** Makes the socket's RST come 5 ms later. */
function standStill(socket: Socket): void {
  const reset = socket.resetAndDestroy.bind(socket)
  socket.resetAndDestroy = () => {
    const until = performance.now() + 5
    while (performance.now() < until);
    return reset()
  }
}
