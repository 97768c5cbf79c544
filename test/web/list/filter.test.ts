import { afterEach, describe, expect, test } from 'vitest'
import { parseFilter } from '../../../web/list/filter.ts'
import { Row } from '../../../web/live/row.ts'
import { speak } from '../../../web/text/messages.ts'
import { closed, NOW, row } from '../live/rows.ts'

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
})
const reset = new Row(closed(5, NOW, { how: 'reset', reset: 'peer', code: 'ECONNRESET', evidence: null }))

function matching(text: string): number[] {
  const filter = parseFilter(text)
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
  ['foo:1', ['foo:1']],
  ['Foo:1 ip:1 size>5', ['foo:1', 'size>5']],
  ['port:http', ['port:http']],
  ['bytes:10', ['bytes:10']],
  ['kernel:nonsense', ['kernel:nonsense']],
  ['fe80::1 ::1 abcd:1::2 [::1]:8080 127.0.0.1:8080 #3 econnreset', []],
  ['ip:127. port:80 state:half kernel:time bytes>1k age<5m', []],
])('%j: words that only look like filter terms are reported: %j', (text, misread) => {
  expect(parseFilter(text).misread).toEqual(misread)
})

test('only an age makes rows match as time goes by', () => {
  expect(parseFilter('age>5s').timed).toBe(true)
  expect(parseFilter('bytes>5 192.168').timed).toBe(false)
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
    expect(matching('Сбросил клиент')).toEqual([5])
    expect(matching('state:half')).toEqual([4])
    expect(matching('reset')).toEqual([5])
  })
})
