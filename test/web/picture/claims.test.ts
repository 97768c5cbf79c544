import { expect, test } from 'vitest'
import { Table } from '../../../web/live/table.ts'
import { claimsOf, summaryOf } from '../../../web/picture/claims.ts'
import { Scene } from '../../../web/picture/scene.ts'
import type { Drawing } from '../../../web/picture/view.ts'
import { LISTENER } from '../live/listener.ts'
import { connection, COUNTERS, NOW } from '../live/rows.ts'

const QUIET = { births: 0, pulses: 0 }

function drawing(...connections: ReturnType<typeof connection>[]): Drawing {
  const table = new Table()
  const scene = new Scene(table)
  table.observe(scene)
  table.begin('one')
  const total = connections.length
  table.applySnapshot({ type: 'snapshot', seq: 1, total, connections, last: true, counters: COUNTERS })
  scene.step(NOW)
  return { scene, listener: LISTENER, kernel: null } as Partial<Drawing> as Drawing
}

test('a drawing tells how many sockets it shows, of how many addresses, and how many of them are half-closed, stopped or sick', () => {
  const problem = { code: 'unread', severity: 'warning', since: NOW, evidence: {} } as const
  const remote = { address: '192.168.0.101', port: 50_009 }
  const drawn = drawing(
    connection(1),
    connection(2, { remote }),
    connection(3, { state: 'half-closed', halfClosedAt: NOW }),
    connection(4, { readingPaused: true }),
    connection(5, { remote, problem }),
  )
  const claims = claimsOf(drawn, { births: 4, pulses: 2 })
  expect(claims).toMatchObject({ picture: 'few', sockets: 5, groups: 3, halfClosed: 1, stopped: 1, problems: 1 })
  expect(claims).toMatchObject({ births: 4, pulses: 2 })
})

test('the summary says the same in words', () => {
  const drawn = drawing(connection(1), connection(2, { state: 'half-closed', halfClosedAt: NOW }))
  const words = summaryOf(drawn, claimsOf(drawn, QUIET))
  expect(words).toContain('0 that the server doesn’t read, 0 need attention. ')
  expect(words).toContain('Port 8080: one listening socket')
  expect(words).toContain('2 connected sockets on the same port, from 2 client addresses: 1 half-closed')
})

test('while the server shuts down, no listening socket is claimed', () => {
  const drawn = drawing(connection(1))
  const words = summaryOf({ ...drawn, listener: { ...LISTENER, state: 'stopping' } }, claimsOf(drawn, QUIET))
  expect(words).toContain('Port 8080: no listening socket, because the server is shutting down. 1 connected socket')
})
