import { expect, test } from 'vitest'
import { lookup, type DemuxSocket } from '../../../shared/demux.ts'
import type { Listener } from '../../../shared/stream.ts'
import { EXPERIMENTS, parseCount, type Experiment, type Fate } from '../../../web/experiments/experiments.ts'
import { messages } from '../../../web/text/messages.ts'
import { aliasHint, cameOutAs } from '../../../web/lookup/lookup-try.ts'
import { LISTENER } from '../live/listener.ts'
import { facts, NOW } from '../live/rows.ts'

const LISTENING: DemuxSocket = {
  local: { address: '::', port: 8080 },
  remote: { address: '::', port: 0 },
  tcpState: 'LISTEN',
  inode: 1,
  dualStack: true,
}
/** A port that the kernel has chosen; another one each time. */
let nextPort = 32_768

/** The verdicts of the demultiplexing rules for its clients, in order. */
function fatesByTheRules({ clients, paused }: Experiment): Fate[] {
  const sockets: DemuxSocket[] = [LISTENING]
  return clients.map(({ from, to }) => {
    const remote = { address: from?.address ?? '127.0.0.1', port: from?.port ?? nextPort++ }
    const local = { address: to?.address ?? '127.0.0.1', port: 8080 }
    if (lookup({ remote, local, syn: true }, sockets).verdict !== 'listening') return 'refused'
    sockets.push({ remote, local, tcpState: 'ESTABLISHED', inode: 2 })
    return paused ? 'waiting' : 'accepted'
  })
}

test.each(EXPERIMENTS.map((experiment) => [experiment.id, experiment] as const))(
  '%s predicts what the rules of demultiplexing say',
  (_id, experiment) => {
    expect(experiment.expect).toEqual(fatesByTheRules(experiment))
  },
)

test('every experiment has a unique id and its texts', () => {
  const ids = EXPERIMENTS.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(Object.keys(messages.experiments.list).toSorted())
})

test('what only the kernel or its queue would show cannot be run without them', () => {
  const why = (id: string, listener: Partial<Listener>, kernel: boolean) =>
    EXPERIMENTS.find((one) => one.id === id)?.unavailable?.({ ...LISTENER, ...listener }, kernel)
  expect(why('stop-reading', {}, true)).toBeNull()
  expect(why('stop-reading', {}, false)).toBe('needsKernel')
  expect(why('stop-reading', { behavior: 'discard' }, true)).toBe('needsEcho')
  expect(why('stop-accepting', {}, true)).toBeNull()
  expect(why('stop-accepting', { inode: null }, true)).toBe('needsSwitch')
})

test('what was predicted of an ending is looked for in the connection’s own record', () => {
  const shows = (id: string) => EXPERIMENTS.find((experiment) => experiment.id === id)?.shows
  const ended = (how: 'fin' | 'reset') => ({
    at: NOW,
    by: 'peer' as const,
    how,
    reset: how === 'reset' ? ('peer' as const) : null,
    code: null,
    evidence: null,
  })
  expect(shows('fin')?.({ state: 'closed', close: ended('fin'), kernel: null })).toBe(true)
  expect(shows('fin')?.({ state: 'closed', close: ended('reset'), kernel: null })).toBe(false)
  expect(shows('reset')?.({ state: 'open', close: null, kernel: null })).toBe(false)
  expect(shows('half')?.({ state: 'half-closed', close: null, kernel: null })).toBe(true)
  expect(shows('stop-reading')?.({ state: 'open', close: null, kernel: facts() })).toBe(false)
  expect(shows('stop-reading')?.({ state: 'open', close: null, kernel: facts({ sendQueue: 1 }) })).toBe(true)
})

test.each([
  ['1', 1],
  [' 1000 ', 1000],
  ['1001', null],
  ['10000', null],
  ['0', null],
  ['', null],
  ['-5', null],
  ['1e3', null],
  ['many', null],
])('%j clients: %s', (text, count) => {
  expect(parseCount(text)).toBe(count)
})

test('a tried client confirms the prediction, refutes it, or proves nothing', () => {
  const end = { address: '127.0.0.1', port: 1 }
  const accepted = {
    ok: true,
    body: { id: 1, local: end, remote: end, connectionId: 4, reading: true, bytesIn: 0, bytesOut: 0 },
  } as const
  const refused = (code: string) => ({ ok: false, code, message: '' }) as const
  expect(cameOutAs('listening', accepted)).toBe(true)
  expect(cameOutAs('connected', accepted)).toBe(false)
  expect(cameOutAs('connected', refused('EADDRNOTAVAIL'))).toBe(true)
  expect(cameOutAs('listening', refused('ECONNREFUSED'))).toBe(false)
  expect(cameOutAs('listening', refused('EADDRNOTAVAIL'))).toBeNull()
  expect(cameOutAs('connected', refused('READ_ONLY'))).toBeNull()
})

test('where a loopback address may be missing, a hint says how to add it; Linux has all of them', () => {
  const mac = { inode: null }
  expect(aliasHint('EADDRNOTAVAIL', '127.0.0.2', mac)).toContain('sudo ifconfig lo0 alias 127.0.0.2')
  expect(aliasHint('EADDRNOTAVAIL', '127.0.0.1', mac)).toBeNull()
  expect(aliasHint('EADDRINUSE', '127.0.0.2', mac)).toBeNull()
  expect(aliasHint('EADDRNOTAVAIL', '127.0.0.2', { inode: 7 })).toBeNull()
})
