import { beforeEach, expect, test } from 'vitest'
import { changesOf } from '../../../server/http/stream/frames.ts'
import { toConnection } from '../../../server/table/entry.ts'
import { ConnectionTable } from '../../../server/table/table.ts'
import type { KernelFacts, TcpState } from '../../../shared/kernel.ts'

const END = { address: '127.0.0.1', port: 8080 }
const FIN = { at: 5_000, by: 'server', how: 'fin', reset: null, code: null, evidence: null } as const
let table: ConnectionTable

beforeEach(() => {
  table = new ConnectionTable(10)
  for (const id of [1, 2]) table.accept({ id, local: END, remote: END, pid: 1, fd: 20, openedAt: 0, inode: 5 })
})

/** A sample at `at` finds the socket of connection `id`. */
function find(id: number, tcpState: TcpState, at: number): void {
  const queues = { recvQueue: 0, sendQueue: 0, rttMs: 1, retransmits: 0, congestionWindow: 10, sendWindow: 1 }
  const facts: KernelFacts = { tcpState, inode: 5, ...queues, timer: null }
  table.kernelSampledAt = at
  table.kernel(entry(id), facts)
}

function entry(id: number) {
  const found = table.get(id)
  if (found === null) throw new Error(`no connection ${id}`)
  return found
}

test('the record keeps when samples first found each state, after the close and after the kernel has forgotten the socket', () => {
  find(1, 'ESTABLISHED', 1_000)
  find(1, 'ESTABLISHED', 2_000)
  find(1, 'FIN_WAIT_2', 3_000)
  find(1, 'FIN_WAIT_2', 4_000)
  table.close(1, FIN)
  find(1, 'TIME_WAIT', 6_000)
  table.forgotten(entry(1))
  expect(toConnection(entry(1), table).sampledStates).toEqual([
    { state: 'ESTABLISHED', at: 1_000 },
    { state: 'FIN_WAIT_2', at: 3_000 },
    { state: 'TIME_WAIT', at: 6_000 },
  ])
})

test('idle connections of one sample share their list, and each has its own once it leaves ESTABLISHED', () => {
  find(1, 'ESTABLISHED', 1_000)
  find(2, 'ESTABLISHED', 1_000)
  expect(entry(1).sampledStates).toBe(entry(2).sampledStates)
  find(1, 'CLOSE_WAIT', 2_000)
  expect(entry(1).sampledStates.map(({ state }) => state)).toEqual(['ESTABLISHED', 'CLOSE_WAIT'])
  expect(entry(2).sampledStates.map(({ state }) => state)).toEqual(['ESTABLISHED'])
})

test('when a sample no longer found the socket is kept until one finds it again, and moves with the clock', () => {
  find(1, 'ESTABLISHED', 1_000)
  table.kernelSampledAt = 2_000
  table.forgotten(entry(1))
  expect(toConnection(entry(1), table)).toMatchObject({ kernel: null, forgottenAt: 2_000 })
  table.shift(500)
  expect(toConnection(entry(1), table).forgottenAt).toBe(2_500)
  expect(JSON.stringify(toConnection(entry(1), null))).not.toContain('forgottenAt')
  find(1, 'ESTABLISHED', 3_000)
  expect(JSON.stringify(toConnection(entry(1), table))).not.toContain('forgottenAt')
})

test('facts that were another connection’s tell nothing about this one’s socket', () => {
  find(1, 'TIME_WAIT', 1_000)
  table.unmatch(entry(1))
  expect(entry(1)).toMatchObject({ kernel: null, forgottenAt: undefined })
})

test('a reader gets the states again only when they have changed', () => {
  let from = table.seq
  const sent = () => {
    const part = { from, to: table.seq, entries: [entry(1)], refused: [], total: 1, first: true, last: true }
    const [change] = changesOf({ kind: 'changes', ...part }, table)
    from = table.seq
    return change?.kind === 'kernel' ? change.sampledStates?.map(({ state }) => state) : null
  }
  find(1, 'ESTABLISHED', 1_000)
  expect(sent()).toEqual(['ESTABLISHED'])
  find(1, 'ESTABLISHED', 2_000)
  expect(sent()).toBeUndefined()
  find(1, 'CLOSE_WAIT', 3_000)
  find(1, 'CLOSE_WAIT', 4_000)
  expect(sent()).toEqual(['ESTABLISHED', 'CLOSE_WAIT'])
  table.unmatch(entry(1))
  expect(sent()).toEqual([])
})

test('the states of another connection’s socket are taken back with its facts', () => {
  find(1, 'TIME_WAIT', 1_000)
  table.unmatch(entry(1))
  expect(toConnection(entry(1), table).sampledStates).toEqual([])
})

test('the times of the states move with the clock', () => {
  find(1, 'ESTABLISHED', 1_000)
  table.shift(500)
  find(2, 'ESTABLISHED', 1_500)
  expect(entry(1).sampledStates).toEqual([{ state: 'ESTABLISHED', at: 1_500 }])
  expect(entry(2).sampledStates).toEqual([{ state: 'ESTABLISHED', at: 1_500 }])
})

test('a change that leaves out what was sampled leaves out the states', () => {
  find(1, 'CLOSE_WAIT', 1_000)
  expect(toConnection(entry(1), null).sampledStates).toEqual([])
})
