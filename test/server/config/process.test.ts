import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { connectClient } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'
import { startProcess } from '../../support/server-process.ts'

const FREE_PORTS = ['--port', '0', '--ui-port', '0']

/** A port that this test process holds. */
async function heldPort(): Promise<number> {
  const holder = createServer().listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => void holder.close())
  await once(holder, 'listening')
  const address = holder.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

test('when ready, the log has the port, the dashboard’s port and its address', async () => {
  const { port, uiPort, url } = await startProcess({ args: FREE_PORTS }).ready()
  expect(url).toBe(`http://localhost:${uiPort}`)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  expect(await (await connectClient(port)).read().line()).toContain(`connected to 127.0.0.1:${port}`)
})

test('options come from the environment too', async () => {
  const server = startProcess({ env: { ONEPORT_PORT: '0', ONEPORT_UI_PORT: '0', ONEPORT_GREETING: 'off' } })
  const client = (await connectClient((await server.ready()).port)).read()
  client.socket.end('hi')
  expect((await client.bytes(3)).toString()).toBe('hi')
})

test('--help lists the options and ends with 0', async () => {
  const server = startProcess({ args: ['--help'], spawn: { stdio: ['ignore', 'ignore', 'pipe'] } })
  expect(await server.exited).toEqual({ code: 0, signal: null })
})

test.for([
  [['--port', 'x'], '--port'],
  [['--frobnicate'], '--frobnicate'],
  [['--token', 'SECRET'], '16'],
  [['--ui-host', '0.0.0.0'], '--token'],
] as const)('a bad flag is one line and exit code 2: %j', async ([args, named]) => {
  const server = startProcess({ args: [...args] })
  expect(await server.exited).toEqual({ code: 2, signal: null })
  expect(server.stderr).toMatch(/^oneport: [^\n]+\n$/)
  expect(server.stderr).toContain(named)
})

test('--token auto: the log names a file that only its user can read, never the token, and the file goes with the server', async () => {
  const server = startProcess({ args: [...FREE_PORTS, '--token', 'auto'] })
  const { url } = await server.ready()
  const { file } = await server.line('this file has the address of the dashboard with its token')
  const address = readFileSync(String(file), 'utf8')
  expect(statSync(String(file)).mode & 0o077).toBe(0)
  expect(address).toMatch(new RegExp(`^${url}/#token=[0-9a-f]{32}\n$`))
  const token = address.trim().slice(-32)
  expect(JSON.stringify(server.log)).not.toContain(token)
  const ask = async (headers: Record<string, string>) => (await fetch(`${url}/api/listener`, { headers })).status
  expect(await ask({})).toBe(401)
  expect(await ask({ authorization: `Bearer ${token}` })).toBe(200)
  server.child.kill('SIGTERM')
  await server.exited
  expect(existsSync(dirname(String(file)))).toBe(false)
})

test('a port already in use is one line that names it and its holder, and exit code 1', async () => {
  const port = await heldPort()
  const server = startProcess({ args: ['--port', String(port), '--ui-port', '0', '--host', '127.0.0.1'] })
  expect(await server.exited).toEqual({ code: 1, signal: null })
  expect(server.stderr).toMatch(/^oneport: [^\n]+\n$/)
  expect(server.stderr).toContain(`port ${port} is in use`)
  expect(server.stderr).toContain('--port')
  const holder = process.platform === 'linux' ? `(pid ${process.pid})` : ''
  expect(server.stderr).toContain(holder)
})

test('a dashboard port already in use names --ui-port', async () => {
  const port = await heldPort()
  const server = startProcess({ args: ['--port', '0', '--ui-port', String(port)] })
  expect(await server.exited).toEqual({ code: 1, signal: null })
  expect(server.stderr).toContain(`port ${port} is in use`)
  expect(server.stderr).toContain('--ui-port')
})

test('a second server on the same port does not steal it', async () => {
  const { port } = await startProcess({ args: FREE_PORTS }).ready()
  const second = startProcess({ args: ['--port', String(port), '--ui-port', '0'] })
  expect(await second.exited).toEqual({ code: 1, signal: null })
  expect(second.stderr).toContain(`port ${port} is in use`)
})

const unprivileged = unprivilegedUser()
test.skipIf(unprivileged.reason !== null)(
  `a privileged port is one line that says so, and exit code 1${unprivileged.reason === null ? '' : ` (skipped: ${unprivileged.reason})`}`,
  async () => {
    const server = startProcess({
      args: ['--port', '80', '--ui-port', '0'],
      spawn: { stdio: ['ignore', 'pipe', 'pipe'], ...unprivileged.as },
    })
    expect(await server.exited).toEqual({ code: 1, signal: null })
    expect(server.stderr).toMatch(/^oneport: port 80 needs privileges[^\n]+--port\n$/)
  },
)

/** A user who may not bind port 80, or the reason why there is none here (ip(7), ip_unprivileged_port_start). */
function unprivilegedUser(): { as: { uid?: number; gid?: number }; reason: string | null } {
  if (process.platform !== 'linux') return { as: {}, reason: 'only Linux is known to refuse it' }
  const first = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
  if (first <= 80) return { as: {}, reason: `this system lets anyone bind ports from ${first} on` }
  return { as: process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}, reason: null }
}

test.for([
  ['--host', '192.0.2.1'],
  ['--ui-host', '192.0.2.1'],
  ['--host', 'fe80::1%nowhere'],
  ['--ui-host', 'fe80::1%nowhere'],
] as const)('%s with an address that is not ours is one line, and exit code 2', async ([option, address]) => {
  const server = startProcess({ args: [...FREE_PORTS, option, address], env: { ONEPORT_TOKEN: 'none' } })
  expect(await server.exited).toEqual({ code: 2, signal: null })
  expect(server.stderr).toBe(`oneport: ${option} ${address} is not an address of this machine\n`)
})

test.for(['SIGTERM', 'SIGINT'] as const)(
  '%s closes in order: clients and readers get their end, exit code 0',
  async (signal) => {
    const server = startProcess({ args: FREE_PORTS })
    const { port, uiPort } = await server.ready()
    const client = (await connectClient(port, { allowHalfOpen: false })).read()
    await client.line()
    const feed = await openFeed(uiPort)
    await feed.until('one is live', ({ table }) => table.live.size === 1)
    const events = await fetch(`http://127.0.0.1:${uiPort}/api/events`)
    const ended = events.text().then(
      () => true,
      () => true,
    )
    const left = once(feed.socket, 'close')
    server.child.kill(signal)
    expect(await client.ended).toBe('fin')
    expect((await feed.closedOf(client.local.port)).close).toMatchObject({ by: 'server', how: 'fin' })
    await Promise.all([left, ended])
    expect(await server.exited).toEqual({ code: 0, signal: null })
  },
)

test('while it shuts down, readers know it before the FINs, /healthz is 503, and accepting cannot be switched', async () => {
  const server = startProcess({ args: FREE_PORTS })
  const { port, uiPort } = await server.ready()
  const client = (await connectClient(port)).read()
  await client.line()
  const feed = await openFeed(uiPort)
  await feed.until('one is live', ({ table }) => table.live.size === 1)
  const finSent = (): boolean => feed.all().some(({ finSentAt }) => finSentAt !== null)
  const known = feed.until('it shuts down', ({ listener }) => listener?.state === 'stopping').then(finSent)
  server.child.kill('SIGTERM')
  expect(await known).toBe(false)
  expect(await client.ended).toBe('fin')
  const url = `http://127.0.0.1:${uiPort}`
  const health = await fetch(`${url}/healthz`)
  expect([health.status, await health.json()]).toEqual([
    503,
    { status: 'stopping', reason: 'the server is shutting down' },
  ])
  for (const order of ['pause', 'resume']) {
    const answer = await fetch(`${url}/api/listener/${order}`, { method: 'POST' })
    expect(await answer.json()).toMatchObject({ state: 'stopping', fd: null, fault: null })
  }
  await expect(connectClient(port)).rejects.toThrow('ECONNREFUSED')
  client.socket.end()
  expect(await server.exited).toEqual({ code: 0, signal: null })
})

test('a dashboard that does not answer cannot keep the server from stopping', async () => {
  const server = startProcess({ args: FREE_PORTS })
  const { uiPort } = await server.ready()
  const socket = new WebSocket(`ws://localhost:${uiPort}/ws`)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  socket.pause()
  const idle = connect({ host: '127.0.0.1', port: uiPort })
  onTestFinished(() => void idle.destroy())
  await once(idle, 'connect')
  server.child.kill('SIGTERM')
  expect(await server.exited).toEqual({ code: 0, signal: null })
})

test('a second signal, over half a second later, ends at once with exit code 1, although a client does not answer the FIN', async () => {
  const server = startProcess({ args: FREE_PORTS })
  const { port } = await server.ready()
  const client = (await connectClient(port)).read()
  await client.line()
  server.child.kill('SIGTERM')
  expect(await client.ended).toBe('fin')
  const again = setInterval(() => server.child.kill('SIGTERM'), 50)
  onTestFinished(() => clearInterval(again))
  expect(await server.exited).toEqual({ code: 1, signal: null })
})

test('two signals at once, as npm makes of one Ctrl-C, close in order', async () => {
  const server = startProcess({ args: FREE_PORTS })
  const client = (await connectClient((await server.ready()).port, { allowHalfOpen: false })).read()
  await client.line()
  server.child.kill('SIGINT')
  server.child.kill('SIGINT')
  expect(await client.ended).toBe('fin')
  expect(await server.exited).toEqual({ code: 0, signal: null })
})
