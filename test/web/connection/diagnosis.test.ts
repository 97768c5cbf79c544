import { describe, expect, test } from 'vitest'
import { diagnose, IDLE_LONG_MS } from '../../../web/connection/diagnosis.ts'
import type { Close, CloseEvidence } from '../../../shared/connection.ts'
import type { Behavior } from '../../../shared/vocabulary.ts'
import { Row } from '../../../web/live/row.ts'
import { messages } from '../../../web/text/messages.ts'
import { closed, facts, NOW, row, sample } from '../live/rows.ts'

/** The kernel's account of a close. */
function told(fields: Partial<CloseEvidence>): CloseEvidence {
  const counts = { bytesReceived: 0, bytesAcked: 0, unread: 0, unsent: 0, retransmits: 0 }
  const times = { rttMs: 0.1, busyMs: 0, windowLimitedMs: 0, bufferLimitedMs: 0 }
  return { source: 'both', certain: true, ...counts, ...times, ...fields }
}

const found = (one: Row, now = NOW + 1000) => diagnose(one, now, 'echo').map(({ id }) => id)
const evidence = (one: Row, now = NOW + 1000) => diagnose(one, now, 'echo').flatMap((diagnosis) => diagnosis.evidence)

test('a connection with empty queues is healthy, and there is no evidence of anything', () => {
  const [only] = diagnose(row(1, { kernel: facts() }), NOW + 1000, 'echo')
  expect(only).toMatchObject({ id: 'healthy', evidence: [] })
})

test('a closed window, or the probing of one, with bytes that wait: the client has stopped reading', () => {
  expect(found(row(1, { kernel: facts({ sendQueue: 2_100_000, sendWindow: 0 }) }))).toEqual(['peer-not-reading'])
  const persist = { name: 'persist', endsAt: NOW + 900, unanswered: 1 } as const
  expect(found(row(1, { kernel: facts({ sendQueue: 9, timer: persist }) }))).toEqual(['peer-not-reading'])
})

test('bytes on their way to a client that reads are no diagnosis, nor is a closed window with nothing to send', () => {
  expect(found(row(1, { kernel: facts({ sendQueue: 9 }) }))).toEqual(['healthy'])
  expect(found(row(1, { kernel: facts({ sendWindow: 0 }) }))).toEqual(['healthy'])
})

test('a send queue is said to grow while it does, and no longer', () => {
  const one = row(1, { kernel: facts({ sendQueue: 5000, sendWindow: 0 }) })
  sample(one, facts({ sendQueue: 2_100_000, sendWindow: 0 }), NOW)
  expect(evidence(one)[0]).toBe('2.1\u00a0MB in the send queue and growing')
  expect(evidence(one, NOW + 10_000)[0]).toBe('2.1\u00a0MB in the send queue')
})

test('a client that has closed its side while ours has not: for how long', () => {
  const one = row(1, { state: 'half-closed', halfClosedAt: NOW, kernel: facts({ tcpState: 'CLOSE_WAIT' }) })
  expect(diagnose(one, NOW + 180_000, 'echo')).toMatchObject([
    { id: 'not-closed', evidence: ['CLOSE_WAIT for 3m\u00a00s'] },
  ])
})

test('reports retransmission while its timer runs', () => {
  const timer = { name: 'on', endsAt: NOW + 4000, unanswered: 3 } as const
  expect(found(row(1, { kernel: facts({ sendQueue: 9, retransmits: 3, timer }) }))).toEqual(['retransmitting'])
  expect(found(row(1, { kernel: facts({ retransmits: 3 }) }))).toEqual(['healthy'])
})

test('a client that answers no keepalive probes may be gone; one probe may still be answered', () => {
  const probed = (unanswered: number) =>
    row(1, { kernel: facts({ timer: { name: 'keepalive', endsAt: NOW + 1500, unanswered } }) })
  expect(found(probed(0))).toEqual(['healthy'])
  expect(found(probed(1))).toEqual(['healthy'])
  expect(diagnose(probed(4), NOW + 1000, 'echo')).toMatchObject([
    {
      id: 'vanished',
      evidence: ['4 keepalive probes without an answer', 'the kernel ends the connection in about 6s'],
    },
  ])
  expect(evidence(probed(10), NOW + 3000)[1]).toBe('the kernel ends the connection in about 0s')
})

test('a server that waits for a client to read leaves bytes unread: a consequence, and no fault of its own', () => {
  const kernel = facts({ recvQueue: 6, sendQueue: 9, sendWindow: 0 })
  const one = row(1, { kernel })
  expect(found(one)).toEqual(['peer-not-reading'])
  expect(evidence(one)).toContain(
    '6\u00a0B in the receive queue: an echo server reads on only when its answers have left',
  )
  const stopped = row(1, { kernel, readingPaused: true })
  expect(found(stopped)).toEqual(['peer-not-reading', 'unread'])
})

test('data that is not read because reading was stopped by hand says so', () => {
  const kernel = facts({ recvQueue: 6 })
  expect(evidence(row(1, { kernel, readingPaused: true }))).toContain(
    'somebody told the server to stop reading, on the page or through the API',
  )
  expect(evidence(row(1, { kernel }))).not.toContain(
    'somebody told the server to stop reading, on the page or through the API',
  )
})

test('reports stopped reading only while no bytes are unread', () => {
  expect(found(row(1, { kernel: facts(), readingPaused: true }))).toEqual(['reading-stopped'])
  expect(found(row(1, { kernel: facts({ recvQueue: 6 }), readingPaused: true }))).toEqual(['unread'])
})

test('our side that is closed while the client’s is not', () => {
  expect(found(row(1, { kernel: facts({ tcpState: 'FIN_WAIT_2' }) }))).toEqual(['our-side-closed'])
})

test('after the server’s FIN it says whose turn it is, also when the server program is done with the connection', () => {
  const { diagnosis, finAwaited, fix } = messages.connection
  const one = row(1, { kernel: facts({ tcpState: 'FIN_WAIT_2' }) })
  const words = () => diagnose(one, NOW, null).map(({ text, fix }) => [text, fix?.text])
  expect(words()).toEqual([[diagnosis['our-side-closed'], fix.clientsTurn]])
  one.end({ at: NOW + 9, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
  expect(words()).toEqual([
    [finAwaited.ours, fix.clientsTurnAfterClose],
    [finAwaited.over, undefined],
  ])
})

test('a socket without a process that is still open waits to be accepted', () => {
  expect(found(row(1, { kernel: facts({ inode: 0 }) }))).toEqual(['waiting'])
})

test('idle for long, to the millisecond', () => {
  const one = row(1, { lastActivityAt: NOW, kernel: facts() })
  expect(found(one, NOW + IDLE_LONG_MS - 1)).toEqual(['healthy'])
  expect(found(one, NOW + IDLE_LONG_MS)).toEqual(['idle'])
})

test('a cause that explains why no data passes is the only diagnosis', () => {
  const long = NOW + IDLE_LONG_MS + 1000
  const sick = { lastActivityAt: NOW, kernel: facts({ sendQueue: 9, sendWindow: 0 }) }
  expect(found(row(1, sick), long)).toEqual(['peer-not-reading'])
  expect(found(row(1, { lastActivityAt: NOW, kernel: facts({ recvQueue: 6 }) }), long)).toEqual(['unread'])
  expect(found(row(1, { lastActivityAt: NOW, kernel: facts(), readingPaused: true }), long)).toEqual([
    'reading-stopped',
  ])
  // A side that has closed doesn't keep the other from sending.
  expect(found(row(1, { lastActivityAt: NOW, kernel: facts({ tcpState: 'FIN_WAIT_2' }) }), long)).toEqual([
    'our-side-closed',
    'idle',
  ])
})

test('without facts there is no diagnosis', () => {
  expect(found(row(1))).toEqual(['unknown'])
  const ended = row(2)
  ended.end({ at: NOW + 9, by: 'peer', how: 'fin', reset: null, code: null, evidence: null })
  expect(found(ended)).toEqual(['over'])
})

test('a closed connection’s diagnosis names who ended it, the kernel’s account, and the lost bytes', () => {
  const over = (close: Partial<Close>) => evidence(new Row(closed(1, NOW, close)))
  expect(over({})).toEqual([
    'Closed by client · FIN',
    'the server’s account alone: the kernel hasn’t told of this close',
  ])
  expect(over({ by: 'server', reset: 'server', evidence: told({ unread: 45_000 }) })).toEqual([
    'Closed by server · FIN · then RST by server',
    'the kernel’s account agrees',
    '45\u00a0kB never read by the server: closing with unread bytes sends RST',
  ])
  expect(over({ how: 'reset', reset: 'peer', evidence: told({ source: 'kernel', unread: 7, unsent: 900 }) })).toEqual([
    'Reset by client · RST',
    'the kernel’s account corrects the server’s',
    '7\u00a0B never read by the server',
    '900\u00a0B never acknowledged by the client',
  ])
  const asked = row(3)
  asked.act({ at: NOW, kind: 'reset', bytes: null, waiting: null, behavior: null, code: null, kernel: null })
  asked.end({ at: NOW + 9, by: 'server', how: 'reset', reset: 'server', code: null, evidence: null })
  expect(evidence(asked)[1]).toBe('somebody asked for it, on the page or through the API')
  expect(over({ evidence: told({ certain: false }) })[1]).toBe(
    'the kernel’s account fits two endings; this is the one the server saw',
  )
})

test('a closed connection’s diagnosis keeps the problems that its record proves, and then says how it ended', () => {
  const fin = { halfClosedAt: NOW, lastActivityAt: NOW, protocol: { name: 'TLS', serverName: 'a.test' } } as const
  const late = new Row({ ...closed(1, NOW + 180_000, { by: 'peer' }), ...fin })
  expect(found(late)).toEqual(['not-closed', 'tls-to-plain', 'over'])
  expect(evidence(late).slice(0, 2)).toEqual([
    'CLOSE_WAIT for 3m\u00a00s after the client’s FIN',
    'its first bytes look like a TLS ClientHello for a.test',
  ])
  const slow = new Row(closed(1, NOW + 9, { evidence: told({ unsent: 9, windowLimitedMs: 62_000, retransmits: 2 }) }))
  expect(found(slow)).toEqual(['peer-not-reading', 'over'])
  expect(evidence(slow)).toContain('the client’s window held data back for 1m\u00a02s in all, by the kernel’s count')
  expect(evidence(slow)).toContain('2 segments retransmitted')
})

test('what a sample of the closed connection’s socket still finds is not said again from the record', () => {
  const lost = told({ unsent: 9, windowLimitedMs: 62_000 })
  const one = new Row({
    ...closed(1, NOW + 9, { evidence: lost }),
    kernel: facts({ tcpState: 'FIN_WAIT_1', inode: 0, sendQueue: 9, sendWindow: 0 }),
  })
  expect(found(one)).toEqual(['peer-not-reading', 'over'])
})

test('a closed connection whose reading was stopped by hand until the end says so', () => {
  const words = 'the server had been told to stop reading, and hadn’t resumed'
  expect(evidence(new Row({ ...closed(1, NOW), readingPaused: true }))).toContain(words)
  expect(evidence(new Row(closed(1, NOW)))).not.toContain(words)
})

describe('a problem says what to do', () => {
  const fixes = (one: Row, behavior: Behavior | null = 'echo') =>
    diagnose(one, NOW + 1000, behavior).map(({ fix }) => fix?.text ?? null)
  const actions = (one: Row, behavior: Behavior | null = 'echo') =>
    diagnose(one, NOW + 1000, behavior).map(({ fix }) => fix?.action ?? null)
  const halfClosed = { state: 'half-closed', halfClosedAt: NOW, kernel: facts({ tcpState: 'CLOSE_WAIT' }) } as const

  test('and what is no problem says nothing', () => {
    expect(fixes(row(1, { kernel: facts() }))).toEqual([null])
    expect(fixes(row(1, { kernel: facts({ sendQueue: 9, sendWindow: 0 }) }))[0]).toContain('Check the client')
  })

  test('by the behavior in force: the connection’s own, or else the port’s', () => {
    const closing = 'Close the connection in the server program when read() returns 0 (end of file).'
    expect(fixes(row(1, halfClosed))).toEqual([closing])
    expect(fixes(row(1, halfClosed), null)).toEqual([closing])
    expect(fixes(row(1, halfClosed), 'silent')[0]).toContain('The behavior is silent, which never closes.')
    expect(fixes(row(1, { ...halfClosed, behavior: 'silent' }))[0]).toContain('The behavior is silent')
    expect(fixes(row(1, halfClosed), 'silent')[0]).toContain(`in this panel under ${messages.act.behavior.label}`)
    expect(fixes(row(1, { ...halfClosed, behavior: 'echo' }), 'silent')).toEqual([closing])
  })

  test('to resume reading where it was stopped by hand', () => {
    const kernel = facts({ recvQueue: 6 })
    expect(fixes(row(1, { kernel, readingPaused: true }))).toEqual(['Let the server resume reading.'])
    expect(fixes(row(1, { kernel }))[0]).toContain('Make the server program read')
  })

  test('and names the action of oneport that the text advises, if it advises one', () => {
    const probed = { name: 'keepalive', endsAt: NOW + 1500, unanswered: 4 } as const
    expect(actions(row(1, { kernel: facts({ timer: probed }) }))).toEqual(['reset'])
    expect(actions(row(1, halfClosed), 'silent')).toEqual(['fin'])
    expect(actions(row(1, halfClosed))).toEqual([null])
    expect(actions(row(1, { kernel: facts({ recvQueue: 6 }), readingPaused: true }))).toEqual(['resume-reading'])
    expect(actions(row(1, { kernel: facts(), readingPaused: true }))).toEqual(['resume-reading'])
    expect(actions(row(1, { kernel: facts({ recvQueue: 6 }) }))).toEqual([null])
    expect(actions(row(1, { kernel: facts({ sendQueue: 9, sendWindow: 0 }) }))).toEqual([null])
  })

  test('as long as the connection is live', () => {
    const one = row(1, { kernel: facts({ sendQueue: 9, sendWindow: 0 }) })
    one.end({ at: NOW + 9, by: 'server', how: 'fin', reset: null, code: null, evidence: null })
    expect(diagnose(one, NOW + 1000, 'echo')).toMatchObject([{ id: 'peer-not-reading', fix: null }, { id: 'over' }])
  })
})
