import { expect, test } from 'vitest'
import type { KernelTimer } from '../../../shared/kernel.ts'
import { getJson, startServer } from '../../support/app.ts'
import { connectClient } from '../../support/clients.ts'
import { findNamespaces, inNamespace } from '../../support/namespace.ts'
import { isMissing, titleWith } from '../../tools.ts'

interface Kernel {
  sockets: { timer: KernelTimer | null }[]
}

interface Vanished {
  timer: KernelTimer
  close: object
}

const ON_LINUX = process.platform === 'linux'
const namespaces = findNamespaces()

test.skipIf(!ON_LINUX).for([
  ['has a keepalive timer', 60_000, { name: 'keepalive', endsAt: expect.any(Number) as number, unanswered: 0 }],
  ['has none with --keepalive 0', 0, null],
] as const)('the socket of a silent client %s', async ([, keepaliveMs, timer]) => {
  const server = await startServer({ keepaliveMs })
  await (await connectClient(server.port)).read().line()
  const timers = async () => {
    const { body } = await getJson<Kernel>(server, '/api/kernel')
    return body.sockets.map((socket) => socket.timer)
  }
  // Until the greeting is acknowledged, the retransmission timer runs.
  await expect.poll(timers).toEqual([timer])
})

test.skipIf(isMissing(namespaces))(
  titleWith(
    'a client that vanishes while nothing is sent leaves probes unanswered, and ends by the system, timed out',
    namespaces,
  ),
  async () => {
    const { timer, close } = (await inNamespace('vanished.ts', ['192.168.0.1/32', '192.168.0.100/32'])) as Vanished
    expect(close).toMatchObject({ by: 'system', how: 'timeout', code: 'ETIMEDOUT' })
    expect(timer.name).toBe('keepalive')
    // A busy machine looks later than after the third.
    expect(timer.unanswered).toBeGreaterThanOrEqual(3)
  },
)
