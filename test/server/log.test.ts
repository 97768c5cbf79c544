import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Client, connectClient, connectClients } from '../support/clients.ts'
import { findNamespaces } from '../support/namespace.ts'
import { PROGRAM, type ServerProcess, startProcess } from '../support/server-process.ts'
import { isMissing } from '../tools.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

async function freePorts() {
  const [port, uiPort] = [await freePort(), await freePort()]
  return { port, uiPort, args: ['--port', String(port), '--ui-port', String(uiPort)] }
}

/** Starts a server whose log is not read here, so the ports are chosen before. */
async function start(log: number, options: string[] = []) {
  const { port, uiPort, args } = await freePorts()
  const server = startProcess({ args: [...args, ...options], spawn: { stdio: ['ignore', log, 'pipe'] } })
  closeSync(log)
  await answers(uiPort)
  return { server, port, uiPort }
}

async function answers(uiPort: number): Promise<void> {
  const asked = () =>
    fetch(`http://127.0.0.1:${uiPort}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    )
  await expect.poll(asked).toBe(true)
}

function leave(clients: Client[]): void {
  for (const { socket } of clients) socket.destroy()
}

async function metric(uiPort: number, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${uiPort}/metrics`)).text()
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
}

const lostLines = (uiPort: number): Promise<number> => metric(uiPort, 'oneport_log_lost_lines_total')

/** A client is served, and the server ends in order. */
async function worksAndEnds(server: ServerProcess, port: number): Promise<void> {
  const client = (await connectClient(port, { allowHalfOpen: false })).read()
  expect(await client.line()).toMatch(/^You are /)
  server.child.kill('SIGTERM')
  expect(await client.ended).toBe('fin')
  expect(await server.exited).toEqual({ code: 0, signal: null })
}

describe('the server keeps working, and counts the lines of a log that cannot be written', () => {
  test.skipIf(process.platform !== 'linux')('on a full disk', async () => {
    const { server, port, uiPort } = await start(openSync('/dev/full', 'w'))
    await expect.poll(() => lostLines(uiPort).catch(() => 0)).toBeGreaterThan(0)
    await worksAndEnds(server, port)
    expect(server.stderr).toBe('')
  })

  test('whose reader has gone', async () => {
    const server = startProcess({ args: ['--port=0', '--ui-port=0', '--log-level=debug'] })
    const { port, uiPort } = await server.ready()
    server.child.stdout?.destroy()
    leave(await connectClients(10, port))
    await expect.poll(() => lostLines(uiPort)).toBeGreaterThanOrEqual(10)
    await worksAndEnds(server, port)
  })

  test.skipIf(process.platform !== 'linux')('whose reader has stopped, beyond 1 MiB', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oneport-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    execFileSync('mkfifo', [join(folder, 'log')])
    const unread = openSync(join(folder, 'log'), 'r+')
    const { server, port, uiPort } = await start(unread, ['--log-level=debug'])
    for (let lost = 0; lost === 0; lost = await lostLines(uiPort)) {
      leave(await connectClients(400, port))
    }
    await worksAndEnds(server, port)
  })
})

test.skipIf(isMissing(findNamespaces()))(
  'how many lines were lost is said when there is room on the disk again',
  async () => {
    const script = 'mount -t tmpfs -o size=16k none /mnt && exec "$0" "$@" >>/mnt/log'
    const { port, uiPort, args } = await freePorts()
    const program = [process.execPath, PROGRAM, ...args, '--log-level=debug']
    const server = startProcess({ node: 'unshare', program: '-m', args: ['sh', '-c', script, ...program] })
    await answers(uiPort)
    while ((await lostLines(uiPort)) === 0) leave(await connectClients(50, port))
    // The lines of the last ones to close would fill the disk again.
    await expect.poll(() => metric(uiPort, 'oneport_connections_live')).toBe(0)

    const path = `/proc/${server.child.pid}/root/mnt/log`
    truncateSync(path)
    const told = async (): Promise<unknown> => {
      leave([await connectClient(port)])
      // A line may have been cut short when the disk was full.
      const lines = readFileSync(path, 'utf8').split('\n')
      const line = lines.find((text) => text.endsWith('}') && text.includes('lines of this log'))
      return line === undefined ? null : (JSON.parse(line) as unknown)
    }
    await expect.poll(told).toMatchObject({ level: 40, lines: await lostLines(uiPort) })
    server.child.kill('SIGTERM')
    expect(await server.exited).toEqual({ code: 0, signal: null })
  },
)
