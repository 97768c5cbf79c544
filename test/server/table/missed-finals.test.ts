import { expect, test } from 'vitest'
import { clock } from '../../../server/clock.ts'
import type { Final } from '../../../server/kernel/final.ts'
import { Closings } from '../../../server/table/closings.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import type { Close, Connection } from '../../../shared/connection.ts'
import type { KernelState } from '../../../shared/stream.ts'
import { getJson } from '../../support/app.ts'
import { connectClients } from '../../support/clients.ts'
import { insteadOfKoffi } from '../../support/preload.ts'
import { startProcess } from '../../support/server-process.ts'

const LOCAL = { address: '127.0.0.1', port: 8080 }
const REMOTE = { address: '127.0.0.1', port: 50_000 }
const FIN: Close = { at: 0, by: 'peer', how: 'fin', reset: null, code: null, evidence: null }
/** A socket that the peer reset: nothing of ours is unacknowledged, and no FIN was acknowledged. */
const RESET: Final = {
  cookie: 1,
  local: LOCAL,
  remote: REMOTE,
  unread: 0,
  unsent: 0,
  acked: 61,
  sent: 61,
  received: 0,
  retransmits: 0,
  unanswered: false,
  rttMs: 0.1,
  busyMs: 0,
  windowLimitedMs: 0,
  bufferLimitedMs: 0,
}
/** A socket that the peer closed, and then our side. */
const IN_ORDER: Final = { ...RESET, acked: 62, received: 1 }

/** A table in which every connection has the same 4-tuple, one after another. */
function server() {
  const table = new ConnectionTable(100)
  const settled: number[] = []
  table.onSettled = ({ id }) => void settled.push(id)
  const closings = new Closings(table)
  const open = (id: number, openedAt = clock.now()): void =>
    table.accept({ id, local: LOCAL, remote: REMOTE, pid: 1, fd: 9, openedAt })
  const close = (id: number): void => table.close(id, { ...FIN, at: clock.now() })
  const closeOf = (id: number): Close | null | undefined => table.get(id)?.close
  return { closings, open, close, closeOf, settled }
}

test('the final of a socket that was never accepted is not taken for that of the next connection with its 4-tuple', () => {
  const { closings, open, close, closeOf, settled } = server()
  closings.heard([RESET])
  const openedAt = clock.now() + 1
  open(1, openedAt)
  // No final is heard before its connection was opened.
  while (clock.now() < openedAt);
  close(1)
  expect(closeOf(1)).toMatchObject({ by: 'peer', how: 'fin', reset: null, evidence: null })
  closings.heard([IN_ORDER])
  expect(closeOf(1)).toMatchObject({ reset: null, evidence: { source: 'both', certain: true } })
  expect(settled).toEqual([1])
})

test('a connection whose final was missed is settled without it when its 4-tuple is used again', () => {
  const { closings, open, close, closeOf, settled } = server()
  open(1)
  close(1)
  closings.missed()
  open(2)
  expect(settled).toEqual([1])
  closings.heard([RESET])
  close(2)
  expect(closeOf(1)).toMatchObject({ how: 'fin', reset: null, evidence: null })
  expect(closeOf(2)).toMatchObject({ how: 'fin', reset: 'peer', evidence: { source: 'kernel' } })
  expect(settled).toEqual([1, 2])
})

test('where nothing was missed, a final that comes late is still the earlier connection’s', () => {
  const { closings, open, close, closeOf } = server()
  open(1)
  close(1)
  open(2)
  closings.heard([IN_ORDER])
  expect(closeOf(1)).toMatchObject({ reset: null, evidence: { certain: true } })
  expect(closeOf(2)).toBe(null)
})

test.skipIf(process.platform !== 'linux')(
  'finals that come faster than the kernel can keep them are counted, and their closes are recorded and settled without them',
  async () => {
    const COUNT = 300
    const ready = await startProcess({
      args: ['--port=0', '--ui-port=0'],
      env: insteadOfKoffi('small-buffer.ts'),
    }).ready()
    const clients = await connectClients(COUNT, ready.port, { allowHalfOpen: false })
    await Promise.all(clients.map((client) => client.read().line()))
    const reset = new Set(clients.filter((_, index) => index % 2 === 0).map(({ local }) => local.port))
    for (const { local, socket } of clients) {
      if (reset.has(local.port)) socket.resetAndDestroy()
      else socket.end()
    }
    const settled = async (): Promise<number> => {
      const text = await (await fetch(`${ready.url}/metrics`)).text()
      return [...text.matchAll(/^oneport_connections_closed_total{.*} (\d+)$/gm)].reduce(
        (sum, [, n]) => sum + Number(n),
        0,
      )
    }
    await expect.poll(settled).toBe(COUNT)
    const { closesMissed } = (await getJson<KernelState>(ready, '/api/kernel')).body
    expect(closesMissed).toBeGreaterThan(0)
    const { items } = (await getJson<{ items: Connection[] }>(ready, `/api/connections?state=closed&limit=${COUNT}`))
      .body
    expect(items.filter(({ close }) => close?.evidence === null).length).toBeGreaterThan(0)
    const wrong = items.filter(({ remote, close }) => {
      const [how, sender] = reset.has(remote.port) ? ['reset', 'peer'] : ['fin', null]
      return close?.by !== 'peer' || close.how !== how || close.reset !== sender
    })
    expect(wrong).toEqual([])
  },
)
