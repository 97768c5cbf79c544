import { expect, test } from 'vitest'
import type { Connection } from '../../../shared/connection.ts'
import type { KernelState, Listener } from '../../../shared/stream.ts'
import { getJson } from '../../support/app.ts'
import { connectClient } from '../../support/clients.ts'
import { findNamespaces } from '../../support/namespace.ts'
import { insteadOfKoffi, WITHOUT_KOFFI } from '../../support/preload.ts'
import { PROGRAM, startProcess } from '../../support/server-process.ts'
import { isMissing, titleWith } from '../../tools.ts'

const namespaces = findNamespaces()
const NO_NETLINK = insteadOfKoffi('without-netlink.ts')
const NO_TCP_DIAG = insteadOfKoffi('without-tcp-diag.ts')
/** Hides /proc, then runs the arguments. */
const HIDE_PROC = 'mount -t tmpfs none /proc && exec "$0" "$@"'

/** pino's number. */
const WARN = 40

interface Expected {
  source: KernelState['source']
  /** Why nothing is sampled. */
  reason: string | null
  closesMissed: number | null
}

const NEEDS_KOFFI = { source: null, reason: 'sampling needs Linux and koffi', closesMissed: null }
const NO_TABLE = {
  source: null,
  reason: expect.stringContaining('no readable socket table') as string,
  closesMissed: null,
}

test.skipIf(process.platform !== 'linux' || isMissing(namespaces)).for([
  ['netlink', NO_NETLINK, false, { source: 'proc', reason: null, closesMissed: null }],
  ['the module tcp_diag', NO_TCP_DIAG, false, { source: 'proc', reason: null, closesMissed: 0 }],
  ['/proc', {}, true, { source: 'sock_diag', reason: null, closesMissed: 0 }],
  ['koffi', WITHOUT_KOFFI, false, NEEDS_KOFFI],
  ['koffi and /proc', WITHOUT_KOFFI, true, NEEDS_KOFFI],
  ['netlink and /proc', NO_NETLINK, true, NO_TABLE],
] as [string, Record<string, string>, boolean, Expected][])(
  titleWith('without %s the server says what is missing, serves, and ends in order', namespaces),
  async ([, env, hidden, expected]) => {
    const args = ['--port=0', '--ui-port=0']
    const server = hidden
      ? startProcess({
          node: 'unshare',
          program: '-m',
          args: ['sh', '-c', HIDE_PROC, process.execPath, PROGRAM, ...args],
          env,
        })
      : startProcess({ args, env })
    const ready = await server.ready()
    const kernel = async () => (await getJson<KernelState>(ready, '/api/kernel')).body
    await expect.poll(kernel).toMatchObject({ available: expected.source !== null, ...expected })
    const { body: listener } = await getJson<Listener>(ready, '/api/listener')
    expect(listener).toMatchObject({ state: 'accepting', fault: null, descriptorLimit: expect.any(Number) as number })
    expect((await fetch(`${ready.url}/metrics`)).status).toBe(200)

    const client = (await connectClient(ready.port, { allowHalfOpen: false })).read()
    expect(await client.line()).toContain(`You are 127.0.0.1:${client.local.port}`)
    const record = async () => (await getJson<Connection>(ready, '/api/connections/1')).body
    if (expected.source === null) await expect.poll(async () => (await record()).kernel).toBe(null)
    else await expect.poll(async () => (await record()).kernel?.tcpState).toBe('ESTABLISHED')
    client.socket.end()
    await expect.poll(async () => (await record()).state).toBe('closed')
    const { close } = await record()
    expect(close).toMatchObject({ by: 'peer', how: 'fin', reset: null })
    if (expected.closesMissed === null) expect(close?.evidence).toBe(null)

    const said = server.log.filter(({ level }) => level === WARN).map(({ reason }) => reason)
    if (expected.reason !== null) expect(said).toContainEqual(expected.reason)
    if (expected.closesMissed === null) expect(said).not.toEqual([])
    expect(server.stderr).toBe('')
    server.child.kill('SIGTERM')
    expect(await server.exited).toEqual({ code: 0, signal: null })
  },
)
