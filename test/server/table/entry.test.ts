import { expect, test } from 'vitest'
import { Entry, kernelFacts } from '../../../server/table/entry.ts'
import type { KernelFacts } from '../../../shared/kernel.ts'

const END = { address: '127.0.0.1', port: 8080 }
const FACTS: KernelFacts = {
  tcpState: 'ESTABLISHED',
  inode: 5,
  recvQueue: 0,
  sendQueue: 9,
  rttMs: 1,
  retransmits: 0,
  congestionWindow: 10,
  sendWindow: 0,
  timer: { name: 'persist', endsAt: 1_000, unanswered: 0 },
}

test('a timer is shown until it ends; its next end is not guessed', () => {
  const entry = new Entry(1, END, END, 1, 20, 0, 1)
  entry.kernel = FACTS
  expect(kernelFacts(entry, { kernelSampledAt: 1_000, otherEndsSampledAt: 0 })).toEqual({ sampledAt: 1_000, ...FACTS })
  expect(kernelFacts(entry, { kernelSampledAt: 1_001, otherEndsSampledAt: 0 })).toEqual({
    sampledAt: 1_001,
    ...FACTS,
    timer: null,
  })
})
