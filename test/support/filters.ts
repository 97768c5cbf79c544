import fc from 'fast-check'
import type { Close, Connection } from '../../shared/connection.ts'
import { CLOSE_BY, CLOSE_HOW, PROBLEMS, PROTOCOL_NAMES, RESET_BY, TCP_STATES } from '../../shared/vocabulary.ts'
import { connection, facts } from '../web/live/rows.ts'

// Filters and tables for property tests. Their values come from the same small sets, so that filters match something.

const addresses = ['10.0.0.1', '10.0.0.20', '10.1.2.3', '192.168.0.1', '::1', '2001:db8::5', 'fe80::1%enP1', '0.0.0.0']
const ports = [0, 22, 443, 50_000, 50_050]
const quantities = [0, 1, 999, 1_000, 1_500, 2_000_000]
/** Half a step beside the ages of connections, so that a slow test makes no difference. */
const durations = ['5s', '15s', '0.75m', '25s', '1h']
const owners = ['curl', 'nc', 'www-data', '812', 'python3']
const texts = ['get', 'hello world', 'x']

/** A term or a plain word, as people type them. */
const word = fc.oneof(
  term(
    'ip',
    [':', '='],
    [...addresses, '10.', '10.0.0.0/8', '10.0.0.0/30', '2001:db8::/32', '10.0.0.2-10.1.255.255', '10.0.0.0/99'],
  ),
  term('port', [':'], [...ports.map(String), '1-1024', '50000-50100', 'http']),
  term('state', [':'], ['open', 'half', 'closed', 'live', 'x']),
  term('kernel', [':'], ['none', 'est', 'CLOSE', 'time_wait', 'x']),
  term('protocol', [':'], ['none', 'h', 'tls', 'example']),
  term('problem', [':'], ['any', '*', 'none', 'peer', 'unread', 'x']),
  term('by', [':'], ['client', ...CLOSE_BY]),
  term('how', [':'], CLOSE_HOW),
  term('reset', [':'], ['any', '*', 'none', 'client', ...RESET_BY]),
  term('owner', [':'], ['none', 'py', ...owners]),
  term('bytes', ['>', '<', '>=', '<='], ['0', '1', '1k', '1.5kB', '2M']),
  term('sendq', ['>', '<', '>=', '<='], ['0', '1', '1k', '1.5k', '2M']),
  term('recvq', ['>', '<'], ['0', '999', '1k']),
  term('age', ['>', '<'], durations),
  term('idle', ['>', '<'], durations),
  term('text', [':'], ['get', 'GET', '"hello world"', 'absent']),
  fc.constantFrom(
    '#1',
    '#2',
    'reset',
    'ESTABLISHED',
    'http',
    '"closed by client"',
    'client',
    '443',
    '8080',
    ...addresses,
    ...owners,
  ),
  fc.constantFrom('sate:open', 'ports:1', '"', '-', '""', 'or', ':'),
)

function term(key: string, operators: readonly string[], values: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...operators), fc.constantFrom(...values))
    .map(([operator, value]) => key + operator + value)
}

const negatable = fc.tuple(fc.constantFrom('', '', '', '-'), word).map((parts) => parts.join(''))

export const filters: fc.Arbitrary<string> = fc
  .array(fc.oneof({ weight: 4, arbitrary: negatable }, { weight: 1, arbitrary: fc.constant('OR') }), { maxLength: 6 })
  .map((words) => words.join(' '))

/** @param now Unix milliseconds */
export function connections(now: number): fc.Arbitrary<Connection[]> {
  return fc
    .array(
      fc.nat(1_000_000).chain((seed) => fields(now, seed)),
      { maxLength: 12 },
    )
    .map((all) => {
      return all.map((one, index) => connection(index + 1, one))
    })
}

function fields(now: number, seed: number): fc.Arbitrary<Partial<Connection>> {
  const address = fc.constantFrom(...addresses)
  const steps = fc.nat(7).map((step) => now - step * 10_000)
  const quantity = fc.constantFrom(...quantities)
  const kernel = fc.record({ tcpState: fc.constantFrom(...TCP_STATES), sendQueue: quantity, recvQueue: quantity })
  const owner = fc.record({
    pid: fc.constantFrom(null, 812),
    command: fc.constantFrom(null, 'curl', 'nc', 'python3'),
    user: fc.constantFrom(null, 'www-data'),
  })
  const close: fc.Arbitrary<Close> = fc.record({
    at: fc.constant(now),
    by: fc.constantFrom(...CLOSE_BY),
    how: fc.constantFrom(...CLOSE_HOW),
    reset: fc.constantFrom(null, ...RESET_BY),
    code: fc.constantFrom(null, 'ECONNRESET', 'LISTENER_DIED'),
    evidence: fc.constant(null),
  })
  const ended = seed % 2 === 0
  return fc.record({
    remote: fc.record({ address, port: fc.constantFrom(...ports) }),
    openedAt: steps,
    lastActivityAt: steps,
    bytesIn: quantity,
    bytesOut: quantity,
    halfClosedAt: fc.constantFrom(null, now),
    finSentAt: fc.constantFrom(null, now),
    readingPaused: fc.boolean(),
    protocol: fc.option(
      fc.record({ name: fc.constantFrom(...PROTOCOL_NAMES), serverName: fc.constantFrom(null, 'Example.com') }),
      { nil: null },
    ),
    problem: ended
      ? fc.constant(null)
      : fc.option(
          fc
            .constantFrom(...PROBLEMS)
            .map((code) => ({ code, severity: 'warning', since: now, evidence: {} }) as const),
          { nil: null },
        ),
    close: ended ? close : fc.constant(null),
    kernel: fc.option(kernel.map(facts), { nil: null }),
    otherEnd: fc.option(
      fc.option(owner, { nil: null }).map((one) => {
        return { sampledAt: now, tcpState: 'ESTABLISHED', inode: 1, recvQueue: 0, sendQueue: 0, owner: one } as const
      }),
      { nil: null },
    ),
  })
}

/** Where each text was found. */
export const hits: fc.Arbitrary<Map<string, Set<number>>> = fc
  .tuple(...texts.map(() => fc.uniqueArray(fc.integer({ min: 1, max: 12 }))))
  .map((found) => new Map(texts.map((text, index) => [text, new Set(found[index])])))
