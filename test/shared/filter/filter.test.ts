import { afterEach, describe, expect, test } from 'vitest'
import type { Close } from '../../../shared/connection.ts'
import { FILTER_MAX, parseFilter, withText, WORDS_MAX } from '../../../shared/filter/filter.ts'
import { CLOSE_BY, CLOSE_HOW, PROBLEMS } from '../../../shared/vocabulary.ts'
import { shownText } from '../../../web/list/shown-text.ts'
import { Row } from '../../../web/live/row.ts'
import { messages, speak } from '../../../web/text/messages.ts'
import { closed, connection, facts, NOW, row } from '../../web/live/rows.ts'

const client = row(3, {
  remote: { address: '192.168.0.100', port: 50_000 },
  openedAt: NOW - 60_000,
  bytesIn: 6000,
  bytesOut: 5000,
  protocol: { name: 'TLS', serverName: 'example.com' },
})
const half = row(4, {
  remote: { address: '::1', port: 443 },
  state: 'half-closed',
  openedAt: NOW - 500,
  protocol: { name: 'HTTP', serverName: null },
  lastActivityAt: NOW - 200,
  problem: { code: 'peer-not-reading', severity: 'critical', since: NOW, evidence: { sendQueue: 2_800_000 } },
  kernel: facts({ tcpState: 'CLOSE_WAIT', sendQueue: 2_800_000, recvQueue: 12 }),
  otherEnd: {
    sampledAt: NOW,
    tcpState: 'FIN_WAIT_2',
    inode: 7,
    recvQueue: 0,
    sendQueue: 0,
    owner: { pid: 812, command: 'curl', user: 'www-data' },
  },
})
const reset = new Row(closed(5, NOW, { how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null }))

function matching(text: string): number[] {
  const filter = parseFilter(text, { shown: shownText })
  return [client, half, reset].filter((one) => filter.matches(one, NOW)).map((one) => one.id)
}

test.each([
  ['', [3, 4, 5]],
  ['   ', [3, 4, 5]],
  ['#3', [3]],
  ['0.100:500', [3]],
  ['[::1]', [4]],
  ['ECONN', [5]],
  ['reset', [5]],
  ['ip:192.168.0.100', [3]],
  ['ip:192.168.', [3, 5]],
  ['IP:::1', [4]],
  ['ip:::ffff:192.168.0.100', [3]],
  ['[::ffff:192.168.0.100]:50000', [3]],
  ['::FFFF:c0a8:64', [3]],
  ['0:0:0:0:0:0:0:1', [4]],
  ['ip=[::1]', [4]],
  ['ip=192.168.0.100', [3]],
  ['ip=192.168.0.10', []],
  ['ip=::1', [4]],
  ['port:443', [4]],
  ['port:44', []],
  ['state:half', [4]],
  ['state:closed', [5]],
  ['state:live', [3, 4]],
  ['protocol:tls', [3]],
  ['protocol:HT', [4]],
  ['protocol:example', [3]],
  ['protocol:ssh', []],
  ['protocol:none', [5]],
  ['bytes>10k', [3]],
  ['bytes>11000', []],
  ['bytes<1', [4, 5]],
  ['bytes<0.011M', [4, 5]],
  ['age>30s', [3]],
  ['age>30', [3]],
  ['age<1m', [4, 5]],
  ['age<500ms', [5]],
  ['ip:192.168.0.0/16', [3, 5]],
  ['ip:192.168.255.255/16', [3, 5]],
  ['ip:192.168.0.96/29', [3]],
  ['ip:0.0.0.0/0', [3, 5]],
  ['ip:::/0', [4]],
  ['ip:[::]/64', [4]],
  ['ip:::ffff:192.168.0.0/112', [3, 5]],
  ['ip:2001:db8::/32', []],
  ['ip:192.168.0.100-192.168.0.105', [3, 5]],
  ['ip:192.168.0.101-192.168.0.105', [5]],
  ['ip:::-::2', [4]],
  ['port:50000-50100', [3, 5]],
  ['port:1-443', [4]],
  ['problem:any', [4]],
  ['problem:*', [4]],
  ['problem:none', [3, 5]],
  ['problem:peer', [4]],
  ['problem:unread', []],
  ['not-reading', [4]],
  ['sendq>1M', [4]],
  ['sendq<1M', []],
  ['recvq>=12', [4]],
  ['recvq<=11', []],
  ['-recvq>0', [3, 5]],
  ['idle>100ms', [4]],
  ['idle<100ms', [3]],
  ['by:client', [5]],
  ['by:peer', [5]],
  ['by:s', []],
  ['how:reset', [5]],
  ['how:fin', []],
  ['reset:any', [5]],
  ['reset:*', [5]],
  ['reset:peer', [5]],
  ['reset:cl', [5]],
  ['reset:server', []],
  ['reset:none', []],
  ['owner:curl', [4]],
  ['owner:812', [4]],
  ['owner:81', []],
  ['owner:WWW', [4]],
  ['owner:none', [3, 5]],
  ['CLOSE_WAIT', [4]],
  ['http', [4]],
  ['example.com', [3]],
  ['curl www-data', [4]],
  ['-state:live', [5]],
  ['-state:closed -protocol:http', [3]],
  ['-"reset by client"', [3, 4]],
  ['-', [3, 4, 5]],
  ['port:443 OR state:closed', [4, 5]],
  ['protocol:tls bytes>1M OR port:443 protocol:http OR #5', [4, 5]],
  ['port:443 or', []],
  ['OR', [3, 4, 5]],
  ['port:443 OR', [4]],
  ['OR OR port:443', [4]],
  ['"OR"', []],
  ['"by client"', [5]],
  ['"client by"', []],
  ['"reset by client', [5]],
  ['owner:"curl"', [4]],
  ['"port:443"', []],
  ['ip:192.168. bytes>10k', [3]],
  ['state:live age<1s', [4]],
])('%j matches %j', (text, ids) => {
  expect(matching(text)).toEqual(ids)
})

describe('what does not parse is plain text', () => {
  test.each(['bytes>abc', 'bytes>', 'age>5parsecs', 'state:', 'state:nonsense', 'port:http', 'ip:', 'size>5', 'a>b:c'])(
    '%j',
    (text) => {
      expect(matching(text)).toEqual([])
      const filter = parseFilter(text)
      const speaking = row(6)
      Object.defineProperty(speaking, 'text', { value: `#6 ${text}` })
      expect(filter.matches(speaking, NOW)).toBe(true)
    },
  )
})

test.each([
  ['foo:1', [['foo:1', null]]],
  [
    'Foo:1 ip:1 sate:5',
    [
      ['Foo:1', null],
      ['sate:5', 'state:'],
    ],
  ],
  ['-sendqueue>5', [['-sendqueue>5', 'sendq>']]],
  ['send<5', [['send<5', 'sendq<']]],
  ['prot:tls', [['prot:tls', 'protocol:']]],
  ['port:http', [['port:http', 'port:']]],
  ['port:9-1', [['port:9-1', 'port:']]],
  ['port=80', [['port=80', 'port:']]],
  ['bytes:10', [['bytes:10', 'bytes>']]],
  ['bytes>=lots', [['bytes>=lots', 'bytes>']]],
  ['problem:sick', [['problem:sick', 'problem:']]],
  ['kernel:nonsense', [['kernel:nonsense', 'kernel:']]],
  ['ip:10.0.0.0/33', [['ip:10.0.0.0/33', 'ip:']]],
  ['ip:10.0.0.9-10.0.0.1', [['ip:10.0.0.9-10.0.0.1', 'ip:']]],
  ['ip:10.0.0.1-::1', [['ip:10.0.0.1-::1', 'ip:']]],
  [
    'constructor:1 toString:1 __proto__:1',
    [
      ['constructor:1', null],
      ['toString:1', null],
    ],
  ],
  ['fe80::1 ::1 abcd:1::2 [::1]:8080 127.0.0.1:8080 #3 econnreset', []],
  ['ip:127. port:80 state:half kernel:time bytes>1k age<5m', []],
])('%j: words that only look like filter terms are reported: %j', (text, misread) => {
  expect(parseFilter(text).misread.map(({ word, nearest }) => [word, nearest])).toEqual(misread)
})

test('a misread word knows its place in the filter', () => {
  expect(parseFilter('ip:1  sate:5').misread).toEqual([{ word: 'sate:5', at: 6, nearest: 'state:' }])
})

test('rows must be checked again as time passes only for terms that depend on it or on samples', () => {
  for (const text of ['age>5s', '#1 OR -idle<1m', 'sendq>0', 'recvq<1'])
    expect(parseFilter(text).timed, text).toBe(true)
  for (const text of ['bytes>5 192.168', 'state:live', 'owner:curl']) expect(parseFilter(text).timed, text).toBe(false)
})

test('text: is found where the captured bytes were searched, in either case', () => {
  const filter = parseFilter('text:"GET /a\\"b\\\\c" OR text:get', { hits: new Map([['get /a"b\\c', new Set([3])]]) })
  expect(filter.texts).toEqual(['get /a"b\\c', 'get'])
  expect([client, half, reset].filter((one) => filter.matches(one, NOW))).toEqual([client])
  expect(parseFilter(withText('a "b\\" ')).texts).toEqual(['a "b\\" '])
  expect(parseFilter('-text:x').matches(client, NOW)).toBe(true)
})

test.each([
  ['x'.repeat(FILTER_MAX + 1), 'too-long'],
  ['x '.repeat(WORDS_MAX + 1), 'too-many-words'],
  ['text:a text:b text:c text:d', 'too-many-texts'],
])('a filter beyond a limit matches nothing', (text, fault) => {
  expect(parseFilter(text)).toMatchObject({ fault, empty: false, misread: [], texts: [] })
  expect(matching(text)).toEqual([])
  expect(parseFilter('x '.repeat(WORDS_MAX)).fault).toBe(null)
  expect(parseFilter('x'.repeat(FILTER_MAX)).fault).toBe(null)
  expect(parseFilter('text:a text:A text:b text:c').fault).toBe(null)
})

describe('plain text finds the words that the page shows for a state', () => {
  afterEach(() => speak('en'))

  test('in English', () => {
    expect(matching('Half-closed')).toEqual([4])
    expect(matching('reset by client')).toEqual([5])
  })

  test('in Russian, and the English words of the filter language still', () => {
    speak('ru')
    expect(matching('полузакр')).toEqual([4])
    expect(matching('"Клиент не читает"')).toEqual([4])
    expect(matching('Сбросил клиент')).toEqual([5])
    expect(matching('state:half')).toEqual([4])
    expect(matching('reset')).toEqual([5])
  })

  test('every English word for a state or a problem is found by the API too, which does not know the page', () => {
    const closes = CLOSE_BY.flatMap((by) =>
      CLOSE_HOW.map((how) => ({ by, how, code: how === 'error' ? 'EPIPE' : null })),
    )
    const ends: Partial<Close>[] = [...closes, { how: 'error', code: 'LISTENER_DIED' }, { how: 'fin', reset: 'server' }]
    const records = [
      connection(1),
      connection(2, { state: 'half-closed', finSentAt: NOW, readingPaused: true }),
      ...ends.map((close, index) => closed(3 + index, NOW, close)),
      ...PROBLEMS.map((code) => connection(50, { problem: { code, severity: 'critical', since: NOW, evidence: {} } })),
    ]
    for (const record of records) {
      const words = shownText(record)
        .replaceAll('’', "'")
        .trim()
        .split(/[\s·]+/)
      // `then RST by server`: only the page says when.
      for (const word of words.filter((one) => one !== 'then')) {
        expect(parseFilter(word).matches(record, NOW), `${word} of ${shownText(record)}`).toBe(true)
      }
    }
    expect(messages.live.ended.thenReset.peer).toMatch(/^then /)
  })
})

test('only plain words that are not ASCII cannot be judged by the server, which lacks the page’s texts', () => {
  for (const text of ['закрыл', 'port:22 -закрыл', '"закрыл клиент"', 'nothing OR закрыл'])
    expect(parseFilter(text).onlyOnPage, text).toBe(true)
  for (const text of ['', 'closed', 'text:привет', '-text:"привет мир"', 'owner:иван port:22'])
    expect(parseFilter(text).onlyOnPage, text).toBe(false)
})
