import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { ListenTrials } from '../../../server/ports/listen-trials.ts'
import type { ListenTrial } from '../../../shared/listen-trial.ts'
import { connectClient } from '../../support/clients.ts'

const linux = process.platform === 'linux'

/** Trials beside a listening socket at this address. */
async function beside(address: string) {
  const server = createServer().listen(0, address)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const bound = server.address()
  if (typeof bound !== 'object' || bound === null) throw new Error('the server has no port')
  const own = { address, port: bound.port }
  return { own, trials: new ListenTrials(() => own) }
}

const said = (trials: ListenTrial[]) => trials.map(({ local, code }) => [local.address, code])

test.skipIf(!linux)('two sockets listen on one port number at two addresses, and a third is refused', async () => {
  const { own, trials } = await beside('::')
  const tried = await trials.run()
  expect(said(tried)).toEqual([
    // The server listens on every address, so none is left on its port.
    ['127.0.0.2', 'EADDRINUSE'],
    ['127.0.0.2', null],
    ['127.0.0.3', null],
    ['127.0.0.2', 'EADDRINUSE'],
  ])
  const [port, ...others] = tried.map(({ local }) => local.port)
  expect(port).toBe(own.port)
  expect(new Set(others).size).toBe(1)
  expect(others).not.toContain(port)
})

test.skipIf(!linux)('beside a server with one address, another address has the same port number free', async () => {
  for (const [address, other] of [
    ['127.0.0.1', '127.0.0.2'],
    ['127.0.0.2', '127.0.0.3'],
  ] as const) {
    const { own, trials } = await beside(address)
    expect((await trials.run())[0]).toEqual({ local: { address: other, port: own.port }, code: null })
  }
})

test.skipIf(!linux)('who asks meanwhile gets the same answer, and no socket is left', async () => {
  const { trials } = await beside('127.0.0.1')
  const first = trials.run()
  const [tried, again] = await Promise.all([first, trials.run()])
  expect(again).toBe(tried)
  for (const { local } of tried) {
    await expect(connectClient(local.port, { host: local.address })).rejects.toThrow('ECONNREFUSED')
  }
  expect(await trials.run()).not.toBe(tried)
})
