import { expect, test } from 'vitest'
import type { Final } from '../../../server/kernel/final.ts'
import { firstBy, judgeAlone, type Seen } from '../../../server/table/judge-alone.ts'

const LOCAL = { address: '127.0.0.1', port: 8080 }
const REMOTE = { address: '127.0.0.1', port: 50_000 }

/** Of a connection that has sent 100 bytes, all of which were acknowledged. */
function final(fields: Partial<Final> = {}): Final {
  const counts = { unread: 0, unsent: 0, acked: 100, sent: 100, received: 50, retransmits: 0, unanswered: false }
  const times = { rttMs: 0.1, busyMs: 0, windowLimitedMs: 0, bufferLimitedMs: 0 }
  return { cookie: 1, local: LOCAL, remote: REMOTE, ...counts, ...times, ...fields }
}

function judged(fields: Partial<Final>, seen: Partial<Seen> = {}): string {
  const nothing: Seen = { first: null, finPossible: true, timeWait: 'neither', aborted: null }
  const { by, how, reset, certain } = judgeAlone(final(fields), { ...nothing, ...seen })
  return `${by} ${how}${reset === null ? '' : `, RST by ${reset}`}${certain ? '' : ' (one of two)'}`
}

const FIN_ACKED = { acked: 101 }
const FORGOTTEN = { remote: { address: '0.0.0.0', port: 0 }, acked: 0, sent: 0, received: 0 }

test.for<[title: string, final: Partial<Final>, seen: Partial<Seen>, verdict: string]>([
  ['TIME_WAIT: ours was the first FIN', FIN_ACKED, { timeWait: 'server' }, 'server fin'],
  ['TIME_WAIT at the client: its FIN was the first', FIN_ACKED, { timeWait: 'peer' }, 'peer fin'],
  ['both FINs after CLOSE_WAIT', FIN_ACKED, { first: 'peer' }, 'peer fin'],
  ['both FINs, and no trace of the order', FIN_ACKED, {}, 'peer fin (one of two)'],
  ['FIN_WAIT_2 that ends without TIME_WAIT', FIN_ACKED, { first: 'server' }, 'server fin (one of two)'],
  [
    'FIN_WAIT_2, then close(2) with unread bytes',
    { ...FIN_ACKED, unread: 9 },
    { first: 'server', aborted: true },
    'server fin, RST by server',
  ],
  [
    'FIN_WAIT_2, then close(2) with one byte, or a FIN whose TIME_WAIT another connection has ended',
    { ...FIN_ACKED, unread: 1 },
    { first: 'server', aborted: true },
    'server fin (one of two)',
  ],
  ['our RST', FORGOTTEN, { finPossible: false }, 'server reset, RST by server'],
  ['our RST, after a FIN that may have come', FORGOTTEN, {}, 'server reset, RST by server (one of two)'],
  ['our RST after CLOSE_WAIT', FORGOTTEN, { first: 'peer' }, 'peer fin, RST by server'],
  ['RST of the client', {}, { finPossible: false }, 'peer reset, RST by peer'],
  ['RST of the client in CLOSE_WAIT', { unread: 1 }, { first: 'peer' }, 'peer fin, RST by peer'],
  ['RST while our FIN is on its way', { unsent: 1 }, { first: 'server' }, 'server fin, RST by peer (one of two)'],
  ['RST over unread bytes', { unread: 9 }, {}, 'server reset, RST by server (one of two)'],
  [
    'RST over unread bytes, and the kernel has sent none',
    { unread: 9 },
    { aborted: false, finPossible: false },
    'peer reset, RST by peer',
  ],
  ['nobody answers keepalive probes', { unanswered: true }, {}, 'system timeout'],
  [
    'nobody answers data, or RST came while a zero-window probe waited for an answer',
    { unsent: 100, unanswered: true },
    {},
    'system timeout (one of two)',
  ],
  ['nobody answers our FIN', { unsent: 1, unanswered: true }, { first: 'server' }, 'server fin (one of two)'],
])('%s', ([, fields, seen, verdict]) => {
  expect(judged(fields, seen)).toBe(verdict)
})

test('a state tells whose FIN came first', () => {
  expect((['CLOSE_WAIT', 'LAST_ACK'] as const).map(firstBy)).toEqual(['peer', 'peer'])
  expect((['FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSING', 'TIME_WAIT'] as const).map(firstBy)).toEqual(Array(4).fill('server'))
  expect((['ESTABLISHED', 'SYN_RECV', null] as const).map(firstBy)).toEqual([null, null, null])
})
