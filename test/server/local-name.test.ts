import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { localName } from '../../server/local-name.ts'
import { startProcess } from '../support/server-process.ts'

/** The port of another program, which listens on ::1 alone. */
async function otherProgram(): Promise<number> {
  const other = createServer((socket) => socket.destroy()).listen(0, '::1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

test('where another program has [::1] with our port, the printed address is not localhost, and a warning says why', async () => {
  const port = await otherProgram()
  const server = startProcess({ args: ['--port=0', `--ui-port=${port}`] })
  const { url } = await server.ready()
  expect(url).toBe(`http://127.0.0.1:${port}`)
  await server.line(`another program listens on [::1]:${port}: use 127.0.0.1:${port}, not localhost:${port}`)
  expect((await (await fetch(`${url}/healthz`)).json()) as object).toMatchObject({ status: 'ok' })
})

test('a socket is named by localhost if that leads to it, otherwise by its address', async () => {
  const port = await otherProgram()
  const nameOf = async (address: string, at: number) => (await localName(address, at)).name
  expect(await nameOf('127.0.0.1', port)).toBe('127.0.0.1')
  expect(await nameOf('0.0.0.0', port)).toBe('127.0.0.1')
  // Nothing listens on port 1.
  expect(await nameOf('127.0.0.1', 1)).toBe('localhost')
  expect(await nameOf('0.0.0.0', 1)).toBe('localhost')
  expect(await nameOf('::', port)).toBe('localhost')
  expect(await nameOf('::1', port)).toBe('::1')
  expect(await nameOf('192.168.0.1', port)).toBe('192.168.0.1')
})
