import { once } from 'node:events'
import { constants } from 'node:fs'
import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { FactsMessage, ListeningMessage } from '../../../server/listener/messages.ts'
import { ListenerUnresponsive } from '../../../server/listener-failure.ts'
import { ListenerSupervisor } from '../../../server/listener/supervisor.ts'
import type { Listener } from '../../../shared/stream.ts'
import { getJson, startServer } from '../../support/app.ts'
import { connectClient, connectClients } from '../../support/clients.ts'
import { openFeed } from '../../support/feed.ts'
import { UNHEARD } from '../../support/listener.ts'
import { WITHOUT_KOFFI } from '../../support/preload.ts'
import { startProcess } from '../../support/server-process.ts'
import { suspend } from '../../support/suspend.ts'

const ON_LINUX = process.platform === 'linux'
/** How many ids the next listener process may skip. */
const SKIPPED_MAX = 20

test('when the listener process is killed its connections close with LISTENER_DIED, and the next one serves waiting clients', async () => {
  const server = await startServer()
  const feed = await openFeed(server.uiPort)
  const before = (await connectClient(server.port)).read()
  await feed.until('one is served', ({ table }) => table.live.size === 1)
  const pid = feed.listener?.pid ?? 0
  process.kill(pid, 'SIGKILL')
  await before.ended
  // The kernel completes the handshake although no process accepts.
  const meanwhile = (await connectClient(server.port)).read()

  expect((await feed.closedOf(before.local.port)).close).toMatchObject({
    by: 'system',
    how: 'error',
    code: 'LISTENER_DIED',
  })
  expect(await meanwhile.line()).toContain(`You are 127.0.0.1:${meanwhile.local.port}`)
  await feed.until('the next one is shown', ({ listener }) => listener?.state === 'accepting')
  expect(feed.listener).toMatchObject({ restarts: 1, fault: null })
  expect(feed.listener?.pid).not.toBe(pid)
  await feed.until('the newcomer is shown', ({ table }) => table.live.size === 1)
  expect(feed.table.counters).toMatchObject({ accepted: 2, live: 1, closed: 1 })
})

test('while no listener process runs, the fault is reported and /healthz is 503', async () => {
  const server = await startServer()
  const feed = await openFeed(server.uiPort)
  const states: unknown[] = []
  const down = feed.until('it is down', ({ listener }) => listener?.state === 'down')
  process.kill(feed.listener?.pid ?? 0, 'SIGKILL')
  await down
  states.push(await getJson(server, '/healthz'), feed.listener)
  expect(states).toMatchObject([
    { status: 503, body: { status: 'down', reason: expect.stringContaining('SIGKILL') as string } },
    { state: 'down', pid: null, fd: null, fault: expect.stringContaining('SIGKILL') as string },
  ])
  await feed.until('it accepts again', ({ listener }) => listener?.state === 'accepting')
  expect((await getJson(server, '/healthz')).body).toEqual({ status: 'ok' })
})

test('a listener process that has been stopped is reported as unresponsive, and /healthz is 503, until it continues', async () => {
  const server = await startServer()
  const feed = await openFeed(server.uiPort)
  const pid = feed.listener?.pid ?? 0
  const { resume } = await suspend(pid)
  await feed.until('it is unresponsive', ({ listener }) => listener?.unresponsive)
  expect(await getJson(server, '/healthz')).toMatchObject({
    status: 503,
    body: { status: 'unresponsive', reason: expect.stringContaining(`(pid ${pid}) does not answer`) as string },
  })
  expect(feed.listener).toMatchObject({ state: 'accepting', pid })
  resume()
  await feed.until('it answers', ({ listener }) => listener?.unresponsive === false)
  expect(await getJson(server, '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
})

test('no id is used twice, not even one known only from a killed listener process’s greeting', async () => {
  const server = await startServer()
  const feed = await openFeed(server.uiPort)
  const clients = await connectClients(100, server.port)
  const before = await Promise.all(clients.map(async (client) => idIn(await client.read().line())))
  const restarted = feed.until(
    'restarted',
    ({ listener }) => listener?.restarts === 1 && listener.state === 'accepting',
  )
  process.kill(feed.listener?.pid ?? 0, 'SIGKILL')
  await restarted
  const after = idIn(await (await connectClient(server.port)).read().line())
  const last = Math.max(...before)
  expect(after).toBeGreaterThan(last)
  if (ON_LINUX) expect(after).toBeLessThanOrEqual(last + SKIPPED_MAX)
})

function idIn(greeting: string): number {
  return Number(/connection (\d+)/.exec(greeting)?.[1])
}

test('a listener process that dies again and again is started again and again', async () => {
  const server = await startServer()
  const feed = await openFeed(server.uiPort)
  for (const restarts of [1, 2]) {
    const again = feed.until('it is back', ({ listener: l }) => l?.restarts === restarts && l.state === 'accepting')
    process.kill(feed.listener?.pid ?? 0, 'SIGKILL')
    await again
  }
  const client = (await connectClient(server.port)).read()
  await client.line()
})

test('when the control process is killed the listener process ends too: clients see it, the port is free', async () => {
  const server = startProcess({ args: ['--port', '0', '--ui-port', '0'] })
  const { port } = await server.ready()
  const client = (await connectClient(port)).read()
  await client.line()
  server.child.kill('SIGKILL')
  await client.ended
  // A process that is exiting still holds the port for a moment.
  await expect.poll(() => bindError(port)).toBe(null)
})

describe.skipIf(!ON_LINUX)('a listener process that has been stopped when the control process is killed', () => {
  async function orphan(env: Record<string, string>): Promise<{ pid: number; port: number }> {
    const server = startProcess({ args: ['--port', '0', '--ui-port', '0'], env })
    const { port, uiPort } = await server.ready()
    const pid = (await getJson<Listener>({ uiPort }, '/api/listener')).body.pid ?? 0
    onTestFinished(() => end(pid))
    await suspend(pid)
    server.child.kill('SIGKILL')
    await server.exited
    return { pid, port }
  }

  test('ends too, and the next server gets the port', async () => {
    const { port } = await orphan({})
    await expect.poll(() => bindError(port)).toBe(null)
    const next = startProcess({ args: ['--port', String(port), '--ui-port', '0'] })
    expect(await next.ready()).toMatchObject({ port })
  })

  test('stays where koffi is missing, and the next server says which process has the port and how to end it', async () => {
    const { pid, port } = await orphan(WITHOUT_KOFFI)
    const next = startProcess({ args: ['--port', String(port), '--ui-port', '0'] })
    expect(await next.exited).toEqual({ code: 1, signal: null })
    expect(next.stderr).toBe(
      `oneport: port ${port} is in use by a listener process of oneport (pid ${pid}), which has been stopped; ` +
        `end it with \`kill -9 ${pid}\`, or choose another port with --port\n`,
    )
  })
})

/** Ends a process, if there is one. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** The errno with which the port cannot be bound; null once it can. */
async function bindError(port: number): Promise<string | null> {
  const next = createServer().listen({ port, host: '::' })
  const failed = once(next, 'error').then(([error]) => (error as NodeJS.ErrnoException).code ?? 'unknown')
  const listening = new Promise<null>((resolve) => next.once('listening', () => resolve(null)))
  const outcome = await Promise.race([failed, listening])
  next.close()
  return outcome
}

/** Like without koffi or Linux: the listener process binds the port itself. */
const UNBOUND = {
  fd: null,
  host: '::',
  port: 0,
  backlog: 511,
  behavior: 'echo',
  rules: [],
  greeting: 'en',
  maxConnections: null,
  idleTimeoutMs: 0,
  keepaliveMs: 60_000,
  firstId: 1,
  captureBytes: 0,
  paused: false,
} as const

test('without an inherited descriptor the listener process binds the port itself, and again after it was killed', async () => {
  const pids: number[] = []
  const ports: number[] = []
  const facts: FactsMessage[] = []
  let changed = (): void => {}
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => (changed = resolve))
  }
  const supervisor = new ListenerSupervisor(UNBOUND, {
    ...UNHEARD,
    listening(pid: number, message: ListeningMessage) {
      pids.push(pid)
      ports.push(message.port)
      changed()
    },
    facts(_pid, message) {
      facts.push(message)
      changed()
    },
  })
  onTestFinished(() => supervisor.stop(0))
  await supervisor.start()
  const port = ports[0] ?? 0
  expect(port).toBeGreaterThan(0)
  expect(await (await connectClient(port)).read().line()).toContain('as connection 1;')
  await until(() => facts.some(({ opened }) => opened[0]?.[0] === 1))

  process.kill(pids[0] ?? 0, 'SIGKILL')
  await until(() => pids.length === 2)
  expect(ports[1]).toBe(port)
  const id = idIn(await (await connectClient(port)).read().line())
  expect(id).toBeGreaterThan(1)
  if (ON_LINUX) expect(id).toBeLessThanOrEqual(1 + SKIPPED_MAX)
})

test('a port that cannot be bound rejects the start with the errno', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  await expect(startServer({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE', option: '--port' })
})

test('a listener process that ends before it could listen rejects the start: no server is ready without it', async () => {
  const NO_PORT = 70_000
  const supervisor = new ListenerSupervisor({ ...UNBOUND, port: NO_PORT }, UNHEARD)
  await expect(supervisor.start()).rejects.toThrow('the listener process ended (exit code 1)')
  await supervisor.stop(0)
})

test('a listener process that cannot be started again is said to be down, and started when it can be', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'oneport-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const node = join(folder, 'node')
  // A copy of Node that the test can rename while the server runs, like an upgrade does.
  await copyFile(process.execPath, node, constants.COPYFILE_FICLONE)
  const server = startProcess({ args: ['--port=0', '--ui-port=0'], node })
  const { port, uiPort } = await server.ready()
  const listener = async () => (await getJson<Listener>({ uiPort }, '/api/listener')).body
  await rename(node, `${node}.gone`)
  process.kill((await listener()).pid ?? 0, 'SIGKILL')
  await expect.poll(async () => (await listener()).fault).toContain('cannot be started')
  const { fault } = await listener()
  expect(await getJson({ uiPort }, '/healthz')).toMatchObject({ status: 503, body: { reason: fault } })

  const waiting = connectClient(port)
  await rename(`${node}.gone`, node)
  expect(await (await waiting).read().line()).toMatch(/^You are /)
  expect(await listener()).toMatchObject({ state: 'accepting', fault: null })
})

test('a resume request is answered even if accepting stops before it began', async () => {
  const said: string[] = []
  const supervisor = new ListenerSupervisor(UNBOUND, {
    ...UNHEARD,
    listening: () => void said.push('listening'),
    paused: () => void said.push('paused'),
  })
  onTestFinished(() => supervisor.stop(0))
  await supervisor.start()
  // The first one loads libc, so the others arrive together.
  await Promise.all([false, true, false].map((on) => supervisor.setAccepting(on)))
  expect(said).toEqual(['listening', 'paused', 'listening', 'paused'])
})

test('a request sent while the listener process starts is answered', async () => {
  const supervisor = new ListenerSupervisor(UNBOUND, UNHEARD)
  onTestFinished(() => supervisor.stop(0))
  const started = supervisor.start()
  // Null as long as there is no process. The first request then comes with the start.
  let answer: unknown = null
  while (answer === null) {
    await turn()
    answer = await supervisor.ask({ what: 'close', ids: [1], how: 'fin' })
  }
  expect(answer).toEqual([[1, 0, 'CONNECTION_CLOSED']])
  await started
})

describe('a listener process that does not answer', () => {
  async function stoppedListener(answerMs = 50): Promise<{ supervisor: ListenerSupervisor; resume: () => void }> {
    let pid = 0
    const supervisor = new ListenerSupervisor(UNBOUND, { ...UNHEARD, listening: (of) => void (pid = of) }, answerMs)
    onTestFinished(() => supervisor.stop(0))
    await supervisor.start()
    return { supervisor, ...(await suspend(pid)) }
  }

  test('makes requests fail after a time limit, and answers again when it can', async () => {
    const { supervisor, resume } = await stoppedListener()
    await expect(supervisor.ask({ what: 'close', ids: 'all', how: 'fin' })).rejects.toThrow(ListenerUnresponsive)
    await expect(supervisor.setAccepting(true)).rejects.toThrow(ListenerUnresponsive)
    resume()
    const close = () => supervisor.ask({ what: 'close', ids: 'all', how: 'fin' })
    await expect.poll(close).toEqual([])
  })

  test('gets a limited number of queued request bytes', async () => {
    // Longer than a busy machine needs to pass on a mebibyte, so that none is refused by time-out.
    const { supervisor } = await stoppedListener(2_000)
    const data = 'A'.repeat(1024 * 1024)
    let asked = 0
    const answers: Promise<unknown>[] = []
    const refused = async (): Promise<boolean> => {
      const answer = supervisor.ask({ what: 'send', ids: [1], data })
      answers.push(answer.catch(() => null))
      asked++
      return Promise.race([
        answer.then(
          () => false,
          () => true,
        ),
        new Promise<boolean>((resolve) => setImmediate(resolve, false)),
      ])
    }
    while (asked < 100 && !(await refused()));
    expect(asked).toBeGreaterThan(10)
    expect(asked).toBeLessThan(30)
    await Promise.all(answers)
  })
})
