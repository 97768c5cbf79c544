import { expect, test } from 'vitest'
import { labels } from './decoded.ts'

const command = (...words: string[]): string =>
  `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`

test('a command has its name and its key', () => {
  const set = command('SET', 'user:1', 'x'.repeat(1_000))
  expect(labels([command('PING') + set + command('GET', 'user:1')])).toEqual([
    '0 Redis PING',
    `14 Redis SET user:1`,
    `${14 + set.length} Redis GET user:1`,
  ])
  expect(labels(['ping\r\n'])).toEqual(['0 Redis ping'])
})

test('a command is named before its value has come', () => {
  expect(labels([command('SET', 'k', 'value').slice(0, -8)])).toEqual(['0 Redis SET k'])
})

test('replies of every kind are named, once a command has been seen', () => {
  const replies = [
    '+OK',
    '-ERR unknown',
    ':42',
    '$5\r\nhello',
    '$-1',
    '*2\r\n:1\r\n*1\r\n$1\r\nx',
    '_',
    '%1\r\n+a\r\n:1',
  ]
  const parts = [command('PING'), ['out', replies.map((reply) => `${reply}\r\n`).join('')]] as [string, ['out', string]]
  expect(labels(parts, 'out').map((label) => label.replace(/^\d+ /, ''))).toEqual([
    'Redis +OK',
    'Redis -ERR unknown',
    'Redis :42',
    'Redis string, 5 B',
    'Redis null',
    'Redis array [2]',
    'Redis null',
    'Redis array [1]',
  ])
  expect(labels([['out', '+OK\r\n-ERR\r\n:1\r\n']], 'out')).toEqual([])
})

test('what is in a value is not looked into', () => {
  expect(labels([command('SET', 'k', 'GET / HTTP/1.1\r\n') + command('PING')])).toEqual([
    '0 Redis SET k',
    '43 Redis PING',
  ])
})

test.each(['*0\r\n', '*x\r\n', '*1\r\nhello\r\n', '* a list\r\n', 'PONG\r\n', '*99999999\r\n$1\r\nx\r\n'])(
  '%j is none',
  (text) => expect(labels([text])).toEqual([]),
)

test('deeply nested arrays end the search, not the program', () => {
  const deep = '*1\r\n'.repeat(5_000)
  expect(labels([command('PING'), ['out', `${deep}:1\r\n+OK\r\n`]], 'out').at(-1)).toMatch(/Redis \+OK$/)
})
