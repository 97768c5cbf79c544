import { expect, test } from 'vitest'
import type { Action } from '../../../shared/action.ts'
import { aftermath, describeAction, describeRefused } from '../../../web/act/describe.ts'
import { formatCount } from '../../../web/text/format.ts'
import { NOW } from '../live/rows.ts'
import { en } from '../../../web/text/en/catalogue.ts'

const SENT: Action = {
  at: NOW + 5,
  kind: 'send',
  bytes: 6,
  waiting: 0,
  behavior: null,
  code: null,
  kernel: { tcpState: 'ESTABLISHED', recvQueue: 0, sendQueue: 0 },
}
/** The text with plain spaces before units. */
const plain = (text: string) => text.replaceAll(/\s/g, ' ')

test('a send says how much was sent, and what the kernel said then', () => {
  expect(plain(describeAction(SENT))).toBe('Sent 6 B by hand')
  expect(aftermath(SENT)).toBe('Kernel afterwards: ESTABLISHED')
})

test('queued bytes are described together with the kernel’s queues', () => {
  const kernel = { tcpState: 'ESTABLISHED', recvQueue: 7, sendQueue: 2000 } as const
  expect(plain(aftermath({ ...SENT, waiting: 900, kernel }))).toBe(
    '900 B waiting for space in the send queue. Kernel afterwards: ESTABLISHED, 7 B to read, 2 kB to send',
  )
})

test('what was refused says why, in the words of the page', () => {
  expect(describeAction({ ...SENT, kind: 'half', bytes: null, code: 'FIN_SENT' })).toBe(
    `Failed: half-close. ${en.live.errors.FIN_SENT}`,
  )
  expect(plain(describeAction({ ...SENT, waiting: 1_000_000, code: 'SEND_QUEUE_FULL' }))).toContain('1 MB waiting')
})

test('after a reset the kernel has no socket', () => {
  const reset: Action = { ...SENT, kind: 'reset', bytes: null, waiting: null, kernel: null, gone: true }
  expect([describeAction(reset), aftermath(reset)]).toEqual(['Reset by hand: RST', en.act.events.gone])
})

test('where the kernel can’t be sampled, nothing is said of the socket', () => {
  expect(aftermath({ ...SENT, kernel: null })).toBe('')
  expect(plain(aftermath({ ...SENT, waiting: 900, kernel: null }))).toBe('900 B waiting for space in the send queue')
})

test('a behavior is named, and the return to the port’s too', () => {
  const chosen: Action = { ...SENT, kind: 'behavior', bytes: null, waiting: null, behavior: 'chargen' }
  expect(describeAction(chosen)).toBe('Behavior set to chargen by hand')
  expect(describeAction({ ...chosen, behavior: null })).toBe(en.act.events.portBehavior)
})

test('the refusals of a bulk action are counted by why', () => {
  const refused = ['CONNECTION_CLOSED', 'FIN_SENT', 'CONNECTION_CLOSED', 'ODD'].map((code) => ({ code }))
  expect(describeRefused(refused, formatCount)).toEqual([
    '2 had already closed.',
    '1 had already been sent FIN.',
    '1 failed: ODD.',
  ])
})

test('the refusals of a bulk action agree with their number', () => {
  const times = (count: number) => Array.from({ length: count }, () => ({ code: 'SEND_QUEUE_FULL' }))
  expect(describeRefused(times(1), formatCount)).toEqual(['1 skipped: the client has stopped reading.'])
  expect(describeRefused(times(3), formatCount)).toEqual(['3 skipped: the clients have stopped reading.'])
})
