import { expect, test } from 'vitest'
import { formatBytes } from '../../../web/text/format.ts'
import { bothEnds, whyNoClient } from '../../../web/connection/both-ends.ts'
import { facts, NOW, row } from '../live/rows.ts'

const OTHER = {
  sampledAt: NOW,
  tcpState: 'FIN_WAIT_2',
  inode: 5,
  recvQueue: 300,
  sendQueue: 0,
  owner: { pid: 4711, command: 'nc', user: 'alice' },
} as const

test('both sockets stand side by side: the client’s, then the server’s', () => {
  const record = row(1, { kernel: facts({ tcpState: 'CLOSE_WAIT', inode: 6, sendQueue: 2_000 }), otherEnd: OTHER })
  expect(bothEnds(record)).toEqual([
    ['TCP state', 'FIN_WAIT_2', 'CLOSE_WAIT'],
    ['Held by', 'nc (pid 4711, alice)', 'oneport (pid 4242, fd 21)'],
    ['Receive queue', `${formatBytes(300)} not read`, 'empty'],
    ['Send queue', 'empty', `${formatBytes(2_000)} not acknowledged`],
    ['Inode', '5', '6'],
  ])
})

test('a socket that no process holds, a program that is not visible, and a socket that is gone are said so', () => {
  const held = (owner: (typeof OTHER)['owner'] | null | { pid: null; command: null; user: string | null }) =>
    bothEnds(row(1, { fd: null, kernel: facts({ inode: 0 }), otherEnd: { ...OTHER, owner } }))?.[1]?.slice(1)
  expect(held(null)).toEqual(['no process', 'no process'])
  expect(held({ pid: null, command: null, user: 'alice' })).toEqual(['a program of user alice', 'no process'])
  expect(held({ pid: null, command: null, user: null })).toEqual(['not visible', 'no process'])
  const servers = (forgottenAt?: number) =>
    bothEnds(row(1, { otherEnd: OTHER, forgottenAt }))?.map(([, , server]) => server)
  expect(servers(NOW)).toEqual(Array(5).fill('gone'))
  expect(servers()).toEqual(Array(5).fill('unknown'))
})

test('without the client’s own socket there is nothing to compare; whether it was ever here is known', () => {
  const elsewhere = row(1, { kernel: facts() })
  expect([bothEnds(elsewhere), elsewhere.otherEndGone]).toEqual([null, false])
  elsewhere.applyOtherEnd(OTHER)
  elsewhere.applyOtherEnd(null)
  expect([bothEnds(elsewhere), elsewhere.otherEndGone]).toEqual([null, true])
})

test('why no socket of the client is shown: only a socket that was sampled is said to be gone', () => {
  const here = { local: { address: '127.0.0.1', port: 8080 }, remote: { address: '127.0.0.9', port: 50_001 } }
  expect(whyNoClient(row(1), false)).toMatch(/can’t be sampled here/)
  expect(whyNoClient(row(1), true)).toMatch(/on another machine or in a container/)
  expect(whyNoClient(row(1, here), true)).toMatch(/newest sample has no socket/)
  const over = row(1, here)
  over.end({ at: NOW, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  expect(whyNoClient(over, true)).toBe(
    'The connection has closed, and its record has no data about the client’s socket.',
  )
  over.applyOtherEnd(OTHER)
  over.applyOtherEnd(null)
  expect(whyNoClient(over, true)).toMatch(/is gone: an earlier kernel sample had it/)
})
