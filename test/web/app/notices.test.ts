import { expect, test } from 'vitest'
import { notices, type Situation } from '../../../web/app/notices.ts'
import { LISTENER } from '../live/listener.ts'
import { COUNTERS } from '../live/rows.ts'

const CALM: Situation = {
  lost: false,
  lostAt: null,
  stopped: false,
  refusal: null,
  readersLimit: null,
  host: 'dash.example:8443',
  listener: LISTENER,
  counters: COUNTERS,
  live: 3,
  behind: false,
  commonRemote: null,
  pastFlood: null,
}

function shown(situation: Partial<Situation>): string[] {
  return notices({ ...CALM, ...situation }).map(({ title, detail }) => `${title}. ${detail}`)
}

test('says nothing while all is well', () => {
  expect(shown({})).toEqual([])
})

test('says that the limit is reached, and how many were refused', () => {
  expect(shown({ live: 100 })).toEqual([
    'Connection limit reached (100). New connections are refused until a client disconnects.',
  ])
  expect(shown({ live: 100, counters: { ...COUNTERS, refused: 1234 } })).toEqual([
    'Connection limit reached (100). New connections are refused until a client disconnects (1,234 refused so far).',
  ])
})

test('says so when connections are refused below the limit', () => {
  expect(shown({ behind: true, counters: { ...COUNTERS, refused: 7 } })[0]).toMatch(
    /faster than the server can accept.*7 refused/,
  )
})

test('says why the port accepts no connections', () => {
  expect(shown({ listener: { ...LISTENER, state: 'down', fault: 'too many open files' } })[0]).toMatch(
    /^The port accepts no connections\. Too many open files\. New clients/,
  )
})

test('says what is wrong with the port, and what to do', () => {
  const flooding = { address: '127.0.0.7', connections: 14_320, perSecond: 312 }
  const reconnecting = { address: '127.0.0.9', connections: 12, longestMs: 40, clientResets: 12, serverResets: 0 }
  const problems = [
    { code: 'accept-queue-full', since: 0, evidence: { connections: 512, limit: 511 } },
    { code: 'flooding', since: 0, evidence: flooding },
    { code: 'not-closed-growing', since: 0, evidence: { connections: 1_500, before: 3 } },
    { code: 'reconnecting', since: 0, evidence: reconnecting },
  ] as const
  const [full, flood, growing, again] = shown({ listener: { ...LISTENER, problems: [...problems] } })
  expect(full).toMatch(/^The accept queue is full\. Sampled since .*512 waiting, limit 511.*kernel drops/)
  expect(flood).toMatch(/^Very many new connections from 127\.0\.0\.7\. At least 14,320 since .*312 a second.*firewall/)
  expect(growing).toMatch(
    /^More and more connections aren’t closed\. .*1,500 connections \(before: 3\).*missing close\(\)/,
  )
  expect(again).toMatch(
    /^127\.0\.0\.9 connects again and again\. 12 connections in a row.*none longer than 40.?ms\. The client reset all of them \(RST\)\. None was.*TCP health checks/,
  )
})

test('says that the process which accepts does not answer, though the port is open', () => {
  expect(shown({ listener: { ...LISTENER, unresponsive: true, pid: 4242 } })[0]).toMatch(
    /^The listener process doesn’t respond\. .*Process 4242.*accept queue/,
  )
})

test('says that a proxy hides the clients, only when every client has the address of the gateway', () => {
  const listener = { ...LISTENER, containerGateway: '172.18.0.1' }
  expect(shown({ listener, commonRemote: '172.18.0.1' })[0]).toMatch(/172\.18\.0\.1.*proxy.*host/)
  // The same port as now: it was set in the shell, and Compose does not remember it.
  const command = (port: number) =>
    shown({ listener: { ...listener, local: { ...listener.local, port } }, commonRemote: '172.18.0.1' })[0]
  expect(command(9000)).toMatch(/: ONEPORT_PORT=9000 docker compose -f compose\.host\.yml up$/)
  expect(command(8080)).toMatch(/: docker compose -f compose\.host\.yml up$/)
  expect(shown({ listener, commonRemote: null })).toEqual([])
  expect(shown({ listener, commonRemote: '172.18.0.5' })).toEqual([])
  expect(shown({ commonRemote: '172.18.0.1' })).toEqual([])
})

test('while the link is lost, says only that: the rest may no longer be so', () => {
  const lost = shown({ lost: true, lostAt: 0, live: 100 })
  expect(lost).toHaveLength(1)
  expect(lost[0]).toMatch(/lost/)
})

test('tells a missing token from a server that does not answer', () => {
  expect(shown({ lost: true, listener: null })[0]).toMatch(/doesn’t answer/)
  expect(shown({ lost: true, listener: null, refusal: 'token' })[0]).toMatch(/#token=/)
  expect(shown({ lost: true, refusal: 'protocol' })[0]).toMatch(/Reload the page/)
})

test('says that too many viewers are connected, and how many that is', () => {
  const full = { lost: true, listener: null, readersLimit: 64 }
  expect(shown({ ...full, refusal: 'full' })[0]).toMatch(/^Too many viewers\. .*64.*--max-readers/)
  expect(shown({ ...full, refusal: 'address-full' })[0]).toMatch(/^Too many viewers\. .*address.*64/)
})

test('says what to set where a proxy hides the page’s address or stops the WebSocket', () => {
  const lost = { lost: true, listener: null }
  expect(shown({ ...lost, refusal: 'address' })).toEqual([
    expect.stringMatching(/refuses this page’s address\. .*--allow-host dash\.example:8443/),
  ])
  expect(shown({ ...lost, refusal: 'upgrade' })).toEqual([expect.stringMatching(/proxy .* upgrade of \/ws/)])
})

test('tells a server that was stopped from one that is lost, and a wrong token from a missing one', () => {
  const gone = { lost: true, lostAt: 0 }
  expect(shown(gone)[0]).toMatch(/^Connection to the server lost\. /)
  expect(shown({ ...gone, stopped: true })[0]).toMatch(/^Server stopped\. /)
  expect(shown({ refusal: 'token' })[0]).toMatch(/^Token required\. .*#token=/)
  expect(shown({ refusal: 'wrong-token' })[0]).toMatch(/^Token rejected\. .*#token=/)
})

test('says that accepting is stopped, and what ends that', () => {
  const paused = { ...LISTENER, state: 'paused' } as const
  expect(shown({ listener: paused })[0]).toMatch(/^Accepting is stopped\..* until somebody resumes it\.$/)
  expect(shown({ listener: { ...paused, pausedUntil: 1 } })[0]).toMatch(/by itself 15 s after the page that stopped it/)
})

test('says of a flood that is over when it was, how many connections it had and from where', () => {
  const since = new Date(2026, 0, 2, 3, 4, 5).getTime()
  const evidence = { address: '10.0.0.7', connections: 14_320, refused: 7 }
  const addresses = new Map([['10.0.0.7', { code: 'flooding' as const, since, evidence }]])
  const at = since + 67_000
  expect(shown({ pastFlood: { addresses, over: { at, seen: true } } })[0]).toMatch(
    /^There was a flood\. From 03:04:05 to 03:05:12 \(1m.7s\): at least 14,320 connections from 10\.0\.0\.7, 7 refused\.$/,
  )
  expect(shown({ pastFlood: { addresses, over: { at, seen: false } } })[0]).toMatch(
    /From 03:04:05, last seen at 03:05:12 \(1m.7s later\)/,
  )
  expect(shown({ pastFlood: { addresses, over: null } })).toEqual([])
})
